// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// Exit says what the app does on SIGTERM.
type Exit string

const (
	// ExitImmediate ends the process at once, breaking every open request.
	ExitImmediate Exit = "immediate"
	// ExitGraceful fails readiness, keeps serving for the drain delay, then finishes what is open.
	ExitGraceful Exit = "graceful"
)

// Config is what the app was started with.
type Config struct {
	Version     string
	ErrorRate   float64
	Latency     time.Duration
	CPU         time.Duration
	StartDelay  time.Duration
	NeverReady  bool
	Exit        Exit
	Drain       time.Duration
	Listen      string
	AdminListen string
}

// parseConfig reads flags over environment over defaults. The variable of a flag is its name in
// capitals with underscores: --error-rate is ERROR_RATE. An empty variable counts as not set.
func parseConfig(args []string, getenv func(string) string) (Config, error) {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	version := flags.String("version", "v1", "version that every answer and metric carries")
	errorRate := flags.Float64("error-rate", 0, "share of answers that are a deliberate 500, 0 to 1")
	latencyMs := flags.Int("latency-ms", 100, "time an answer takes, in milliseconds")
	cpuMs := flags.Int("cpu-ms", 0, "processor time an answer costs, in milliseconds")
	startDelayMs := flags.Int("start-delay-ms", 0, "time until the app is ready, in milliseconds")
	neverReady := flags.Bool("never-ready", false, "fail readiness for ever")
	exit := flags.String("exit", string(ExitImmediate), "what SIGTERM does: immediate or graceful")
	drainMs := flags.Int("drain-ms", 5000, "graceful: time between failing readiness and closing the listener")
	listen := flags.String("listen", ":8080", "address of the app, its readiness and its metrics")
	adminListen := flags.String("admin-listen", ":8081", "address of the admin port")

	if err := applyEnvironment(flags, getenv); err != nil {
		return Config{}, err
	}
	if err := flags.Parse(args); err != nil {
		return Config{}, err
	}
	if flags.NArg() > 0 {
		return Config{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	config := Config{
		Version: *version, ErrorRate: *errorRate, NeverReady: *neverReady, Exit: Exit(*exit),
		Latency: milliseconds(*latencyMs), CPU: milliseconds(*cpuMs),
		StartDelay: milliseconds(*startDelayMs), Drain: milliseconds(*drainMs),
		Listen: *listen, AdminListen: *adminListen,
	}
	return config, config.validate()
}

func applyEnvironment(flags *flag.FlagSet, getenv func(string) string) error {
	var problems []error
	flags.VisitAll(func(f *flag.Flag) {
		name := strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := getenv(name)
		if value == "" {
			return
		}
		if err := f.Value.Set(value); err != nil {
			problems = append(problems, fmt.Errorf("%s=%q: %w", name, value, err))
		}
	})
	return errors.Join(problems...)
}

func (c Config) validate() error {
	var problems []error
	if err := validErrorRate(c.ErrorRate); err != nil {
		problems = append(problems, err)
	}
	if c.Version == "" {
		problems = append(problems, errors.New("version must not be empty"))
	}
	if c.Exit != ExitImmediate && c.Exit != ExitGraceful {
		problems = append(problems, fmt.Errorf("exit must be immediate or graceful, not %q", c.Exit))
	}
	if c.Latency < 0 || c.CPU < 0 || c.StartDelay < 0 || c.Drain < 0 {
		problems = append(problems, errors.New("latency-ms, cpu-ms, start-delay-ms and drain-ms must not be negative"))
	}
	return errors.Join(problems...)
}

// validErrorRate also refuses NaN, which is neither below nor above anything.
func validErrorRate(rate float64) error {
	if rate >= 0 && rate <= 1 {
		return nil
	}
	return fmt.Errorf("error rate must be between 0 and 1, not %v", rate)
}

func milliseconds(n int) time.Duration { return time.Duration(n) * time.Millisecond }
