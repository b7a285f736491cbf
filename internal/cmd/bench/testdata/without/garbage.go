package plugin

// collectLater leaves the garbage collector as Go has it.
func collectLater(func(string) string) []byte { return nil }
