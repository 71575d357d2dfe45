import $name.Basic
