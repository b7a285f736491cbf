package plugin

// collectLater leaves the garbage collector unchanged.
func collectLater(func(string) string) []byte { return nil }
