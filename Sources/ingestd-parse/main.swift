// One call: a C callback written here would be isolated to the main actor.
runParser(arguments: CommandLine.arguments)
