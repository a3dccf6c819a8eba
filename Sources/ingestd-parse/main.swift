// This file makes only one call: a C callback written here would be isolated to the main actor.
runParser(arguments: CommandLine.arguments)
