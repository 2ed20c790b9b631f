// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"net/url"
	"time"
)

// Connections says how requests share connections.
type Connections string

const (
	// KeepAlive reuses connections, as a browser or a gateway does.
	KeepAlive Connections = "keepalive"
	// Fresh opens a connection for each request.
	Fresh Connections = "fresh"
	// Both takes turns: one request kept alive, one fresh.
	Both Connections = "both"
)

// Options is one run of the generator.
type Options struct {
	URL            string
	Host           string
	Rate           float64
	Duration       time.Duration
	Connections    Connections
	Timeout        time.Duration
	MaxOutstanding int
	Out            string
	StopFile       string
	Progress       bool
}

func parseOptions(args []string, usage io.Writer) (Options, error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(usage)
	o := Options{}
	flags.StringVar(&o.URL, "url", "", "where to send the requests, with the address to connect to")
	flags.StringVar(&o.Host, "host", "", "Host header (default: the host of --url)")
	flags.Float64Var(&o.Rate, "rate", 150, "requests per second")
	flags.DurationVar(&o.Duration, "duration", 0, "how long to send; 0: until stopped")
	connections := flags.String("connections", string(KeepAlive), "keepalive, fresh or both")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Second, "time limit of one request, connecting included")
	flags.IntVar(&o.MaxOutstanding, "max-outstanding", 0, "limit of unanswered requests (default: the rate times 1.2 timeouts, at least 100)")
	flags.StringVar(&o.Out, "out", "-", "file for the JSON lines; -: standard output")
	flags.StringVar(&o.StopFile, "stop-file", "", "the run ends when this file exists")
	flags.BoolVar(&o.Progress, "progress", false, "keep one line of progress on standard error")
	if err := flags.Parse(args); err != nil {
		return Options{}, err
	}
	if flags.NArg() > 0 {
		return Options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.Connections = Connections(*connections)
	if o.MaxOutstanding == 0 {
		o.MaxOutstanding = max(100, int(math.Ceil(o.Rate*o.Timeout.Seconds()*1.2)))
	}
	return o, o.validate()
}

func (o Options) validate() error {
	var problems []error
	target, err := url.Parse(o.URL)
	if err != nil || target.Scheme != "http" || target.Host == "" {
		problems = append(problems, fmt.Errorf("--url must be an http:// address, not %q", o.URL))
	}
	if !(o.Rate > 0) || o.Rate > 100_000 {
		problems = append(problems, fmt.Errorf("--rate must be above 0 and at most 100000, not %v", o.Rate))
	}
	if o.Connections != KeepAlive && o.Connections != Fresh && o.Connections != Both {
		problems = append(problems, fmt.Errorf("--connections must be keepalive, fresh or both, not %q", o.Connections))
	}
	if o.Duration < 0 || o.Timeout <= 0 || o.MaxOutstanding < 0 {
		problems = append(problems, errors.New("--duration and --max-outstanding must not be negative, --timeout must be above 0"))
	}
	return errors.Join(problems...)
}
