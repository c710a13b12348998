module

public import Library.Arith
public import Library.Chain
public import Library.Env
public import Library.Expr
public import Library.Lambda
public import Library.Queue
public import Library.Regex
public import Library.SearchTree
public import Library.Slice
public import Library.Sorting
public import Library.Store
public import Library.Tree
