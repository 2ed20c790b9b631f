// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"syscall"
	"time"
)

// threadTime is the processor time that the calling thread has had.
func threadTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &usage); err != nil {
		panic(fmt.Sprintf("getrusage of the own thread: %v", err))
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
