// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

import "time"

var begun = time.Now()

// threadTime is the time that has passed: pods run on Linux, elsewhere it is only tested.
func threadTime() time.Duration { return time.Since(begun) }
