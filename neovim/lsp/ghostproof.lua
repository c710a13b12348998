-- What `vim.lsp.enable('ghostproof')` starts. `vim.lsp.config('ghostproof', { … })` lies on top of it.
return require('ghostproof.client').config()
