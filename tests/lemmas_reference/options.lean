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
  cases a <;> simp [orElse]

-- [easy]
theorem firstOf_append (xs ys : List Nat) : firstOf (xs ++ ys) = orElse (firstOf xs) (firstOf ys) := by
  cases xs <;> simp [firstOf, orElse]

-- [medium]
theorem lastOf_append (xs ys : List Nat) : lastOf (xs ++ ys) = orElse (lastOf ys) (lastOf xs) := by
  induction xs <;> simp_all [lastOf]
  · cases lastOf ys <;> simp [orElse]
  · cases lastOf ys <;> simp [orElse]

-- [easy]
theorem find_append (p : Nat → Bool) (xs ys : List Nat) : find p (xs ++ ys) = orElse (find p xs) (find p ys) := by
  induction xs <;> simp_all [find, orElse]
  split <;> simp_all [orElse]

-- [medium]
theorem find_holds (p : Nat → Bool) (xs : List Nat) (x : Nat) (h : find p xs = some x) : p x = true := by
  induction xs <;> simp_all [find]
  split at h <;> simp_all

-- [medium]
theorem find_mem (p : Nat → Bool) (xs : List Nat) (x : Nat) (h : find p xs = some x) : x ∈ xs := by
  induction xs <;> simp_all [find]
  split at h <;> simp_all

-- [easy]
theorem somes_append (xs ys : List (Option Nat)) : somes (xs ++ ys) = somes xs ++ somes ys := by
  induction xs with
  | nil => simp [somes]
  | cons x xs ih => cases x <;> simp_all [somes]

-- [easy]
theorem length_somes (xs : List (Option Nat)) : (somes xs).length ≤ xs.length := by
  induction xs with
  | nil => simp [somes]
  | cons x xs ih => cases x <;> simp_all [somes] ; omega

-- [medium]
theorem allSome_map (xs : List Nat) : allSome (xs.map some) = some xs := by
  induction xs <;> simp_all [allSome]

-- [medium]
theorem allSome_length (xs : List (Option Nat)) (ys : List Nat) (h : allSome xs = some ys) :
    ys.length = xs.length := by
  induction xs generalizing ys with
  | nil => simp_all [allSome]
  | cons x xs ih => cases x <;> simp_all [allSome] ; grind

-- [medium]
theorem nth_append (xs ys : List Nat) : nth (xs ++ ys) xs.length = firstOf ys := by
  induction xs with
  | nil => cases ys <;> simp [nth, firstOf]
  | cons x xs ih => simp_all [nth]

-- [medium]
theorem nth_none (xs : List Nat) (n : Nat) (h : xs.length ≤ n) : nth xs n = none := by
  induction xs generalizing n with
  | nil => simp [nth]
  | cons x xs ih => cases n <;> simp_all [nth]

-- [medium lemma]
theorem firstOf_reverse (xs : List Nat) : firstOf xs.reverse = lastOf xs := by
  have h (xs ys : List Nat) : firstOf (xs ++ ys) = orElse (firstOf xs) (firstOf ys) := by
    cases xs <;> simp [firstOf, orElse]
  induction xs <;> simp_all [firstOf, lastOf]

-- [false: some 0, some 1]
theorem orElse_comm (a b : Option Nat) : orElse a b = orElse b a := sorry

-- [false: [0, 1]]
theorem lastOf_first (xs : List Nat) : lastOf xs = firstOf xs := sorry

-- [false: [some 0, none]]
theorem allSome_somes (xs : List (Option Nat)) : allSome xs = some (somes xs) := sorry

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
  simp [get, put]

-- [easy]
theorem get_put_other (m : Map) (k l v : Nat) (h : k ≠ l) : get (put m k v) l = get m l := by
  simp [get, put, h]

-- [easy]
theorem get_del (m : Map) (k : Nat) : get (del m k) k = none := by
  induction m <;> simp_all [get, del]
  split <;> simp_all [get]

-- [medium]
theorem get_del_other (m : Map) (k l : Nat) (h : k ≠ l) : get (del m k) l = get m l := by
  induction m <;> simp_all [get, del]
  split <;> simp_all [get]

-- [easy]
theorem get_change (m : Map) (k v : Nat) : get (change m k v) k = some v := by
  induction m <;> simp_all [get, change]
  split <;> simp_all [get]

-- [medium]
theorem get_change_other (m : Map) (k l v : Nat) (h : k ≠ l) : get (change m k v) l = get m l := by
  induction m <;> simp_all [get, change]
  split <;> simp_all [get]

-- [medium]
theorem get_union (m n : Map) (k : Nat) : get (union m n) k = (get m k).orElse (fun _ => get n k) := by
  induction m <;> simp_all [get, union]
  split <;> simp_all

-- [easy]
theorem union_assoc (a b c : Map) : union (union a b) c = union a (union b c) := by
  induction a <;> simp_all [union]

-- [easy]
theorem keys_union (a b : Map) : keys (union a b) = keys a ++ keys b := by
  induction a <;> simp_all [union, keys]

-- [medium]
theorem get_isSome (m : Map) (k : Nat) : (get m k).isSome = true ↔ k ∈ keys m := by
  induction m <;> simp_all [get, keys]
  split <;> simp_all ; grind

-- [easy]
theorem keys_onValues (f : Nat → Nat) (m : Map) : keys (onValues f m) = keys m := by
  induction m <;> simp_all [keys, onValues]

-- [medium]
theorem get_onValues (f : Nat → Nat) (m : Map) (k : Nat) : get (onValues f m) k = (get m k).map f := by
  induction m <;> simp_all [get, onValues]
  split <;> simp_all

-- [medium]
theorem del_del (m : Map) (k l : Nat) : del (del m k) l = del (del m l) k := by
  induction m <;> simp_all [del]
  split <;> split <;> simp_all [del]

-- [medium]
theorem del_union (a b : Map) (k : Nat) : del (union a b) k = union (del a k) (del b k) := by
  induction a <;> simp_all [del, union]
  split <;> simp_all [union]

-- [medium lemma]
theorem del_put (m : Map) (k v : Nat) : del (del (put m k v) k) k = del m k := by
  have h : del (del m k) k = del m k := by
    induction m <;> simp_all [del]
    split <;> simp_all [del]
  simp [put, del, h]

-- [false: [], [], 0, 0]
theorem union_puts (a b : Map) (k v : Nat) : union (put a k v) b = union a b := sorry

-- [false: [(0, 0)], [(0, 1)]]
theorem union_comm (a b : Map) : union a b = union b a := sorry

-- [false: [(0, 0)], 0, 1]
theorem change_put (m : Map) (k v : Nat) : change m k v = put m k v := sorry

-- [false: [(0, 0), (0, 1)], 0]
theorem keys_del (m : Map) (k : Nat) : (keys (del m k)).length + 1 = (keys m).length ∨ k ≠ 0 := sorry

end Maps
