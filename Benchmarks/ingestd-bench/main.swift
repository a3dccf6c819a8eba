await Measurement.main(CommandLine.arguments)
