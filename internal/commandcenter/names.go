// Copyright (c) The terraform-provider-commvault authors
// SPDX-License-Identifier: MPL-2.0

package commandcenter

import "sync"

// nameRegister records the names that this process is creating or has created, so that no create adopts the token of another
// create.
type nameRegister struct {
	mu    sync.Mutex
	names map[string]*nameState
}

type nameState struct {
	underWay map[int64]int // creates in progress, by owner
	held     map[int64]struct{}
}

// nameUse is the entry of one create in the register.
type nameUse struct {
	register *nameRegister
	state    *nameState
	owner    int64
}

func (r *nameRegister) begin(owner int64, name string) *nameUse {
	r.mu.Lock()
	defer r.mu.Unlock()
	state := r.names[name]
	if state == nil {
		state = &nameState{underWay: map[int64]int{}, held: map[int64]struct{}{}}
		if r.names == nil {
			r.names = map[string]*nameState{}
		}
		r.names[name] = state
	}
	state.underWay[owner]++
	return &nameUse{register: r, state: state, owner: owner}
}

func (u *nameUse) end() {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.underWay[u.owner]--
}

// holds records the token that this create has made.
func (u *nameUse) holds(id int64) {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	u.state.held[id] = struct{}{}
}

// claimed reports whether another create of this process made the token, or may have made it. Owner 0, the caller, may be any user.
func (u *nameUse) claimed(id int64) bool {
	u.register.mu.Lock()
	defer u.register.mu.Unlock()
	if _, held := u.state.held[id]; held {
		return true
	}
	rivals := -1 // -1 discounts this create
	for owner, underWay := range u.state.underWay {
		if owner == u.owner || owner == 0 || u.owner == 0 {
			rivals += underWay
		}
	}
	return rivals > 0
}
