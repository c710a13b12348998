-- Luacheck for the plugin and its tests.
std = 'luajit'
max_line_length = 120
globals = { 'vim' }
read_globals = { 'MiniTest' }
