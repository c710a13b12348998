/-! Options, and finite maps as lists of pairs and as functions. -/

namespace Options

def orElse : Option Nat → Option Nat → Option Nat
  | some x, _ => some x
  | none, y => y

def firstOf : List Nat → Option Nat
  | [] => none
  | x :: _ => some x

def lastOf : List Nat → Option Nat
  | [] => none
  | x :: xs => orElse (lastOf xs) (some x)

def find (p : Nat → Bool) : List Nat → Option Nat
  | [] => none
  | x :: xs => if p x then some x else find p xs

def somes : List (Option Nat) → List Nat
  | [] => []
  | none :: xs => somes xs
  | some x :: xs => x :: somes xs

def allSome : List (Option Nat) → Option (List Nat)
  | [] => some []
  | none :: _ => none
  | some x :: xs => match allSome xs with
    | none => none
    | some ys => some (x :: ys)

def nth : List Nat → Nat → Option Nat
  | [], _ => none
  | x :: _, 0 => some x
  | _ :: xs, n + 1 => nth xs n

-- [easy]
theorem orElse_assoc (a b c : Option Nat) : orElse (orElse a b) c = orElse a (orElse b c) := by
  sorry

-- [easy]
theorem firstOf_append (xs ys : List Nat) : firstOf (xs ++ ys) = orElse (firstOf xs) (firstOf ys) := by
  sorry

-- [medium]
theorem lastOf_append (xs ys : List Nat) : lastOf (xs ++ ys) = orElse (lastOf ys) (lastOf xs) := by
  sorry

-- [easy]
theorem find_append (p : Nat → Bool) (xs ys : List Nat) : find p (xs ++ ys) = orElse (find p xs) (find p ys) := by
  sorry

-- [medium]
theorem find_holds (p : Nat → Bool) (xs : List Nat) (x : Nat) (h : find p xs = some x) : p x = true := by
  sorry

-- [medium]
theorem find_mem (p : Nat → Bool) (xs : List Nat) (x : Nat) (h : find p xs = some x) : x ∈ xs := by
  sorry

-- [easy]
theorem somes_append (xs ys : List (Option Nat)) : somes (xs ++ ys) = somes xs ++ somes ys := by
  sorry

-- [easy]
theorem length_somes (xs : List (Option Nat)) : (somes xs).length ≤ xs.length := by
  sorry

-- [medium]
theorem allSome_map (xs : List Nat) : allSome (xs.map some) = some xs := by
  sorry

-- [medium]
theorem allSome_length (xs : List (Option Nat)) (ys : List Nat) (h : allSome xs = some ys) :
    ys.length = xs.length := by
  sorry

-- [medium]
theorem nth_append (xs ys : List Nat) : nth (xs ++ ys) xs.length = firstOf ys := by
  sorry

-- [medium]
theorem nth_none (xs : List Nat) (n : Nat) (h : xs.length ≤ n) : nth xs n = none := by
  sorry

-- [medium lemma]
theorem firstOf_reverse (xs : List Nat) : firstOf xs.reverse = lastOf xs := by
  sorry

-- [false]
theorem orElse_comm (a b : Option Nat) : orElse a b = orElse b a := by
  sorry

-- [false]
theorem lastOf_first (xs : List Nat) : lastOf xs = firstOf xs := by
  sorry

-- [false]
theorem allSome_somes (xs : List (Option Nat)) : allSome xs = some (somes xs) := by
  sorry

end Options

namespace Maps

abbrev Map := List (Nat × Nat)

def get : Map → Nat → Option Nat
  | [], _ => none
  | (k, v) :: m, a => if k = a then some v else get m a

def put (m : Map) (k v : Nat) : Map := (k, v) :: m

def del : Map → Nat → Map
  | [], _ => []
  | (k, v) :: m, a => if k = a then del m a else (k, v) :: del m a

def change : Map → Nat → Nat → Map
  | [], k, v => [(k, v)]
  | (l, w) :: m, k, v => if l = k then (k, v) :: m else (l, w) :: change m k v

def union : Map → Map → Map
  | [], n => n
  | (k, v) :: m, n => (k, v) :: union m n

def keys : Map → List Nat
  | [] => []
  | (k, _) :: m => k :: keys m

def onValues (f : Nat → Nat) : Map → Map
  | [] => []
  | (k, v) :: m => (k, f v) :: onValues f m

-- [easy]
theorem get_put (m : Map) (k v : Nat) : get (put m k v) k = some v := by
  sorry

-- [easy]
theorem get_put_other (m : Map) (k l v : Nat) (h : k ≠ l) : get (put m k v) l = get m l := by
  sorry

-- [easy]
theorem get_del (m : Map) (k : Nat) : get (del m k) k = none := by
  sorry

-- [medium]
theorem get_del_other (m : Map) (k l : Nat) (h : k ≠ l) : get (del m k) l = get m l := by
  sorry

-- [easy]
theorem get_change (m : Map) (k v : Nat) : get (change m k v) k = some v := by
  sorry

-- [medium]
theorem get_change_other (m : Map) (k l v : Nat) (h : k ≠ l) : get (change m k v) l = get m l := by
  sorry

-- [medium]
theorem get_union (m n : Map) (k : Nat) : get (union m n) k = (get m k).orElse (fun _ => get n k) := by
  sorry

-- [easy]
theorem union_assoc (a b c : Map) : union (union a b) c = union a (union b c) := by
  sorry

-- [easy]
theorem keys_union (a b : Map) : keys (union a b) = keys a ++ keys b := by
  sorry

-- [medium]
theorem get_isSome (m : Map) (k : Nat) : (get m k).isSome = true ↔ k ∈ keys m := by
  sorry

-- [easy]
theorem keys_onValues (f : Nat → Nat) (m : Map) : keys (onValues f m) = keys m := by
  sorry

-- [medium]
theorem get_onValues (f : Nat → Nat) (m : Map) (k : Nat) : get (onValues f m) k = (get m k).map f := by
  sorry

-- [medium]
theorem del_del (m : Map) (k l : Nat) : del (del m k) l = del (del m l) k := by
  sorry

-- [medium]
theorem del_union (a b : Map) (k : Nat) : del (union a b) k = union (del a k) (del b k) := by
  sorry

-- [medium lemma]
theorem del_put (m : Map) (k v : Nat) : del (del (put m k v) k) k = del m k := by
  sorry

-- [false]
theorem union_puts (a b : Map) (k v : Nat) : union (put a k v) b = union a b := by
  sorry

-- [false]
theorem union_comm (a b : Map) : union a b = union b a := by
  sorry

-- [false]
theorem change_put (m : Map) (k v : Nat) : change m k v = put m k v := by
  sorry

-- [false]
theorem keys_del (m : Map) (k : Nat) : (keys (del m k)).length + 1 = (keys m).length ∨ k ≠ 0 := by
  sorry

end Maps
