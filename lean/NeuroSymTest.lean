import NeuroSymTest.Compat
import NeuroSymTest.Suggest
