package plugin

// quieten lets the SDKs format their lines.
func quieten(string, []string, func(name, value string) error) {}

func logsAreWanted([]string) bool { return false }
