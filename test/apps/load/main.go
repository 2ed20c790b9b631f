// SPDX-License-Identifier: Apache-2.0

// Command load is an open-loop HTTP load generator that counts every lost request. It sends POST
// requests at a fixed rate, never retries, and writes one JSON line per second and one at the end.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

const stopFilePoll = 50 * time.Millisecond

func main() {
	// A dozen of these share the machine: more threads would only wake each other.
	runtime.GOMAXPROCS(1)
	options, err := parseOptions(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(2)
	}
	if err := start(options); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func start(options Options) (err error) {
	out := os.Stdout
	if options.Out != "-" {
		if out, err = os.Create(options.Out); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
	}
	_, err = run(options, out, stopRequests(options.StopFile))
	return err
}

// stopRequests returns a channel that closes at the first SIGTERM or SIGINT, or when the stop file
// exists. A second signal ends the process at once.
func stopRequests(stopFile string) <-chan struct{} {
	stop := make(chan struct{})
	var once sync.Once
	end := func() { once.Do(func() { close(stop) }) }

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		signal.Stop(signals)
		end()
	}()
	if stopFile != "" {
		go func() {
			for {
				if _, err := os.Stat(stopFile); err == nil {
					end()
					return
				}
				time.Sleep(stopFilePoll)
			}
		}()
	}
	return stop
}
