module
public import Lean.Data.Json.Parser
public import Lean.Data.Json.Printer

/-!
# Reading and writing JSON objects

The embedded toolchain cannot compile calls to many polymorphic library functions (`List.map`,
`for` loops, `HashMap.insert`), so the programs of this package recurse over lists and arrays
themselves and call monomorphic library functions only. Nor does it find, in a compiled module,
what the compiler makes for closures over top-level functions, lambdas and specialised library
functions (`List` equality), so there are none. The same source is ordinary Lean natively.
-/

public section

open Lean

namespace NeuroSym

/-- The string under a key, or `default` where there is none. -/
def stringField (object : Json) (key : String) (default : String := "") : String :=
  match object.getObjVal? key with
  | .ok (.str s) => s
  | _ => default

/-- Whether there is a string under a key. -/
def hasString (object : Json) (key : String) : Bool :=
  match object.getObjVal? key with
  | .ok (.str _) => true
  | _ => false

/-- The natural number under a key, or `default`. -/
def natField (object : Json) (key : String) (default : Nat) : Nat :=
  match object.getObjVal? key with
  | .ok value =>
    match value.getNat? with
    | .ok n => n
    | .error _ => default
  | .error _ => default

/-- Whether `true` stands under a key. -/
def boolField (object : Json) (key : String) : Bool :=
  match object.getObjVal? key with
  | .ok (.bool b) => b
  | _ => false

/-- The array under a key, or an empty one. -/
def arrayField (object : Json) (key : String) : Array Json :=
  match object.getObjVal? key with
  | .ok (.arr values) => values
  | _ => #[]

/-- A natural number as JSON. -/
def jsonNat (n : Nat) : Json := .num (JsonNumber.fromNat n)

/-- Names as a JSON array of strings, from index `i` on. -/
partial def jsonNames (names : Array Name) (i : Nat := 0) (done : Array Json := #[]) : Json :=
  if i < names.size then
    jsonNames names (i + 1) (done.push (.str (names.getD i .anonymous).toString))
  else
    .arr done

end NeuroSym
