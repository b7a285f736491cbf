package plugin

import "context"

// callContext keeps what it holds until the process ends.
type callContext struct{ context.Context }

func newCallContext(ctx context.Context) *callContext { return &callContext{ctx} }

func (*callContext) forget() {}
