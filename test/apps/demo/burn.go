// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"time"
)

// burn spends that much processor time, however long it takes to get it: a busy machine makes an
// answer later, not cheaper.
func burn(amount time.Duration) {
	if amount <= 0 {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for end := threadTime() + amount; threadTime() < end; {
	}
}
