module
public import NeuroSym.Attributes
public import NeuroSym.Compat
public import NeuroSym.Elaborate
public import NeuroSym.Forbidden
public import NeuroSym.Json
public import NeuroSym.Judge
public import NeuroSym.Premises
public import NeuroSym.Protocol
public import NeuroSym.Replay
public import NeuroSym.Server
public import NeuroSym.Sorries
public import NeuroSym.Statement
public import NeuroSym.Uses
