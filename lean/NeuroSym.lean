module
public import NeuroSym.Suggest

/-! What `import NeuroSym` gives in a project. `NeuroSym.Compat`, which changes how things are
written, is imported by its own name; the other modules are the checker's programs. -/
