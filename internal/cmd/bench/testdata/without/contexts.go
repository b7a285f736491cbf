package plugin

import "context"

// callContext retains its context until the process ends.
type callContext struct{ context.Context }

func newCallContext(ctx context.Context) *callContext { return &callContext{ctx} }

func (*callContext) forget() {}
