// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// run sends until the schedule is over or stop is closed, then waits for what is outstanding, which
// the time limit of a request bounds.
func run(options Options, out io.Writer, stop <-chan struct{}) (Summary, error) {
	startedAt := time.Now()
	elapsed := func() time.Duration { return time.Since(startedAt) }
	recorder := newRecorder(out, startedAt)
	ended := make(chan struct{})
	var clerk sync.WaitGroup
	clerk.Go(func() { keepTime(recorder, elapsed, options.Progress, ended) })

	dispatch(options, recorder, elapsed, stop)

	close(ended)
	clerk.Wait()
	return recorder.end(elapsed())
}

func dispatch(options Options, recorder *recorder, elapsed func() time.Duration, stop <-chan struct{}) {
	schedule := newSchedule(options.Rate, options.Duration)
	sender := newSender(options)
	slots := make(chan struct{}, options.MaxOutstanding)
	var outstanding sync.WaitGroup
	defer outstanding.Wait()

	for n := 0; !schedule.isOver(n); n++ {
		due := schedule.dueAt(n)
		if !waitUntil(due, elapsed, stop) {
			return
		}
		select {
		case slots <- struct{}{}:
		default:
			recorder.overflowed(elapsed())
			continue
		}
		connections := sender.connectionsOf(n)
		recorder.sent(elapsed(), elapsed()-due, connections)
		outstanding.Go(func() {
			result := sender.send(context.Background(), connections)
			// From the due time: a generator that is late must not make answers look fast.
			at := elapsed()
			recorder.finished(at, at-due, result, connections)
			<-slots
		})
	}
}

// waitUntil returns false when the run is to stop. A late generator does not sleep but catches up.
func waitUntil(due time.Duration, elapsed func() time.Duration, stop <-chan struct{}) bool {
	timer := time.NewTimer(max(0, due-elapsed()))
	defer timer.Stop()
	select {
	case <-stop:
		return false
	case <-timer.C:
	}
	select {
	case <-stop:
		return false
	default:
		return true
	}
}

// keepTime writes each second's line soon after it has passed, also when nothing is sent or answered.
func keepTime(recorder *recorder, elapsed func() time.Duration, progress bool, ended <-chan struct{}) {
	for {
		untilNext := time.Second - elapsed()%time.Second
		select {
		case <-ended:
			if progress {
				fmt.Fprintln(os.Stderr)
			}
			return
		case <-time.After(untilNext):
		}
		recorder.passTo(elapsed())
		if progress {
			fmt.Fprintf(os.Stderr, "\r%s ", recorder.progress())
		}
	}
}
