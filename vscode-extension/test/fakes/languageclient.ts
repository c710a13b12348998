// The language client without its editor half: what units need of it is the protocol.

export * from 'vscode-languageserver-protocol/node'
