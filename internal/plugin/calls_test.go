// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package plugin_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/commvault-tokens/terraform-provider-commvault/internal/plugin"
)

// serve returns the server of a small provider.
func serve(t testing.TB, do func(ctx context.Context, more func() bool)) everything {
	t.Helper()
	server, err := plugin.NewServer(&small{do: do})()
	if err != nil {
		t.Fatal(err)
	}
	return all(t, server)
}

// framework returns the framework's own server of the same provider.
func framework() tfprotov6.ProviderServer { return providerserver.NewProtocol6(&small{})() }

// callsOf returns the calls that a server implements, of all interfaces.
func callsOf(t testing.TB, server any) []reflect.Method {
	t.Helper()
	var calls []reflect.Method
	for method := range reflect.TypeOf(server).Methods() {
		if method.Type.NumIn() == 3 && method.Type.In(1) == reflect.TypeFor[context.Context]() {
			calls = append(calls, method)
		}
	}
	if len(calls) < 36 {
		t.Fatalf("%T answers %d calls only", server, len(calls))
	}
	return calls
}

// ask sends an empty request. The second result contains the items of a stream.
func ask(t testing.TB, ctx context.Context, server any, call reflect.Method) (answer any, items []any) {
	t.Helper()
	request := reflect.New(call.Type.In(2).Elem())
	results := reflect.ValueOf(server).MethodByName(call.Name).Call([]reflect.Value{reflect.ValueOf(ctx), request})
	if err := results[1].Interface(); err != nil {
		t.Errorf("%s fails: %s", call.Name, err)
		return nil, nil
	}
	for _, field := range results[0].Elem().Fields() {
		if field.Kind() == reflect.Func {
			for item := range field.Seq() {
				items = append(items, item.Interface())
			}
			field.SetZero()
		}
	}
	return results[0].Interface(), items
}

// TestEveryCallIsHandedOn verifies that the wrapper implements every call of the framework's server, including those of interfaces that
// a new version adds, and that it does not change any response.
func TestEveryCallIsHandedOn(t *testing.T) {
	t.Parallel()
	theirs := framework()
	ours := serve(t, nil)
	for _, call := range callsOf(t, theirs) {
		own, ok := reflect.TypeOf(ours).MethodByName(call.Name)
		if !ok {
			t.Errorf("%s is not handed on: add it to calls, and to calls.go", call.Name)
			continue
		}
		want, wantItems := ask(t, t.Context(), theirs, call)
		got, gotItems := ask(t, t.Context(), ours, own)
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotItems, wantItems) {
			t.Errorf("%s answers %+v %+v, the framework %+v %+v", call.Name, got, gotItems, want, wantItems)
		}
	}
}

// TestAServerThatLacksCallsIsRefused verifies that a call of today's framework cannot disappear unnoticed.
func TestAServerThatLacksCallsIsRefused(t *testing.T) {
	t.Parallel()
	if server, err := plugin.Wrap(struct{ tfprotov6.ProviderServer }{framework()}, nil); err == nil {
		t.Errorf("%T was made of a server without lists, actions and state stores", server)
	}
}

// failing is a server whose lists fail immediately.
type failing struct {
	everything
	during context.Context
	err    error
}

func (f *failing) ListResource(
	ctx context.Context, _ *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	f.during = ctx
	return nil, f.err
}

// TestAStreamThatFailsIsOver verifies that an error is forwarded, and that nothing is retained for a stream that does not start.
func TestAStreamThatFailsIsOver(t *testing.T) {
	t.Parallel()
	inner := &failing{everything: all(t, framework()), err: errors.New("no list today")}
	server, err := plugin.Wrap(inner, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = kinds["list"](context.WithValue(t.Context(), luggageKey{}, true), all(t, server), onwards)
	if !errors.Is(err, inner.err) {
		t.Errorf("the error is %v", err)
	}
	if inner.during.Err() == nil || inner.during.Value(luggageKey{}) != nil {
		t.Error("the context of the call is not over")
	}
}

type luggageKey struct{}

// luggage is the payload of a context, as large as the loggers and gRPC's data about a call.
type luggage [48 << 10]byte

// reachable returns the number of contexts that are still reachable after the calls.
func reachable(t testing.TB, calls int, call func(ctx context.Context)) int {
	t.Helper()
	carried := make([]weak.Pointer[luggage], 0, calls)
	for range calls {
		heavy := new(luggage)
		carried = append(carried, weak.Make(heavy))
		call(context.WithValue(t.Context(), luggageKey{}, heavy))
	}
	runtime.GC()
	survivors := 0
	for _, pointer := range carried {
		if pointer.Value() != nil {
			survivors++
		}
	}
	return survivors
}

// TestNoContextIsKept verifies that nothing of a call is retained after it ends.
func TestNoContextIsKept(t *testing.T) {
	t.Parallel()
	server := serve(t, func(_ context.Context, more func() bool) {
		for range 3 {
			if more != nil {
				more()
			}
		}
	})
	for _, call := range callsOf(t, server) {
		if n := reachable(t, 10, func(ctx context.Context) { ask(t, ctx, server, call) }); n > 0 {
			t.Errorf("%s leaves %d of 10 contexts behind", call.Name, n)
		}
	}
	for name, kind := range kinds {
		n := reachable(t, 10, func(ctx context.Context) {
			if err := kind(ctx, server, onwards); err != nil {
				t.Errorf("%s fails: %s", name, err)
			}
		})
		if n > 0 {
			t.Errorf("%s leaves %d of 10 contexts behind", name, n)
		}
	}
	runtime.KeepAlive(server)
}

// TestTheFrameworkKeepsContexts fails when a new version of the framework releases contexts itself. The wrapper is then obsolete and
// should be removed.
func TestTheFrameworkKeepsContexts(t *testing.T) {
	t.Parallel()
	server := framework()
	for _, call := range callsOf(t, server) {
		if call.Name == "StopProvider" {
			continue // calls that release the context
		}
		if n := reachable(t, 3, func(ctx context.Context) { ask(t, ctx, server, call) }); n != 3 {
			t.Errorf("%s leaves %d of 3 contexts behind", call.Name, n)
		}
	}
	runtime.KeepAlive(server)
}
