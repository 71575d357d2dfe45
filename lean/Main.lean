module
public import NeuroSym.Server

/-- The checking server as a program: `lean --run Main.lean`. -/
public def main : IO UInt32 := NeuroSym.run
