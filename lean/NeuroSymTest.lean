import NeuroSymTest.Compat
