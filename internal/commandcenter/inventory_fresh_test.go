// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	cc "github.com/commvault-tokens/terraform-provider-commvault/internal/commandcenter"
	"github.com/commvault-tokens/terraform-provider-commvault/internal/simulator"
)

func TestAFreshListIsRepeatedLikeAnyOther(t *testing.T) {
	b := newBench(t, simulator.Options{})
	b.FailNext(simulator.OpList, simulator.NewFault(simulator.Empty), simulator.NewFault(simulator.Empty))
	if _, err := b.client().FreshTokens(t.Context(), 0); err != nil {
		t.Error(err)
	}
	b.wantAsked("login 1, list 3")
}

func TestAFreshListIsNotShared(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	if _, err := c.Tokens(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	later := b.elsewhere(simulator.Token{Name: "later"})
	fresh, err := c.FreshTokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, found := fresh.Get(later.ID); !found {
		t.Error("a fresh list lacks what was made meanwhile")
	}
	shared, err := c.Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, found := shared.Get(later.ID); found {
		t.Error("the shared list changed in the middle of a walk")
	}
	b.wantAsked("login 1, list 2")
}

// TestListsAfterWritesAreSharedAndLetGo guards the cost of an apply in which each of many data sources follows a write. Callers
// that arrive while a list is in flight share the next one, and only the latest list is kept.
func TestListsAfterWritesAreSharedAndLetGo(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	listed := func(token cc.Token) {
		list, err := c.Listed(t.Context(), 0)
		if err != nil {
			t.Error(err)
		} else if _, there := list.Get(token.ID); !there {
			t.Errorf("the list lacks %q, which was written before", token.Name)
		}
	}
	b.issue(c, cc.Spec{Name: "before"})
	for i := range 20 {
		listed(b.issue(c, cc.Spec{Name: fmt.Sprint("t", i)}))
	}
	b.wantAsked("login 1, list 21, create 21") // the first list is for the names, before the first create
	if held := c.HeldLists(); held != 2 {
		t.Errorf("%d lists are held, want the first and the latest", held)
	}

	token := b.issue(c, cc.Spec{Name: "first"})
	b.ResetJournal()
	underWay, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b.OnAnswer(simulator.OpList, func(*http.Request) {
		once.Do(func() { close(underWay); <-goOn })
	})
	var readers sync.WaitGroup
	readers.Go(func() { listed(token) })
	<-underWay
	token = b.issue(c, cc.Spec{Name: "meanwhile"})
	for range 8 {
		readers.Go(func() { listed(token) })
	}
	close(goOn)
	readers.Wait()
	b.wantAsked("list 2, create 1")
}

// TestEveryWriteMakesLaterReadersRequestANewList guards that a reader after a change sees its result as the server reports it.
func TestEveryWriteMakesLaterReadersRequestANewList(t *testing.T) {
	b := newBench(t, simulator.Options{})
	c := b.client()
	token, gone := b.issue(c, cc.Spec{Name: "one"}), b.issue(c, cc.Spec{Name: "gone"})
	if _, err := c.Listed(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	name := "two"
	for what, write := range map[string]func() error{
		"create": func() error { _, err := c.Issue(t.Context(), cc.Spec{Name: "other"}); return err },
		"update": func() error { _, err := c.Update(t.Context(), token.ID, cc.Change{Name: &name}); return err },
		"renew": func() (err error) {
			token, err = c.Renew(t.Context(), token.ID, pairOf(token))
			return err
		},
		"revoke": func() error { return c.Revoke(t.Context(), cc.Target{ID: gone.ID}) },
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
		b.ResetJournal()
		for range 2 {
			if _, err := c.Listed(t.Context(), 0); err != nil {
				t.Error(err)
			}
		}
		if got := b.asked(); got != "list 1" {
			t.Errorf("after a %s, two readers ask %q, want one list", what, got)
		}
	}
}
