// SPDX-License-Identifier: Apache-2.0

// Command demo is the app that Headway's tests and demo release: a small HTTP server whose version,
// error rate, latency, readiness and way of ending are chosen from outside.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// finishWithin bounds how long a graceful end waits for open requests after the drain delay.
const finishWithin = 10 * time.Second

func main() {
	// A dozen of these share the machine: more threads would only wake each other.
	runtime.GOMAXPROCS(1)
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	config, err := parseConfig(os.Args[1:], os.Getenv)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println("demo: see test/apps/README.md for its flags and variables")
		return
	}
	if err != nil {
		slog.Error("bad configuration", "error", err)
		os.Exit(2)
	}
	if err := run(config); err != nil {
		slog.Error("ended with an error", "error", err)
		os.Exit(1)
	}
}

func run(config Config) error {
	// Before the listener opens: a process that is PID 1 ignores a SIGTERM it has no handler for.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)

	app := newApp(config)
	failed := make(chan error, 2)
	server, err := serve(config.Listen, app.handler(), "app", failed)
	if err != nil {
		return err
	}
	if _, err := serve(config.AdminListen, app.adminHandler(), "admin", failed); err != nil {
		return err
	}
	if !config.NeverReady {
		time.AfterFunc(config.StartDelay, func() { app.started.Store(true) })
	}

	select {
	case err := <-failed:
		return err
	case received := <-signals:
		slog.Info("ending", "signal", received.String(), "exit", string(config.Exit))
		if config.Exit == ExitImmediate {
			os.Exit(0)
		}
	}
	return endGracefully(app, server, config.Drain)
}

func serve(address string, handler http.Handler, name string, failed chan<- error) (*http.Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	// No idle timeout: the server must not close a kept connection under a client's next request.
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	// HTTP/2 without TLS is what a Gateway speaks with the backends of a GRPCRoute.
	server.Protocols.SetUnencryptedHTTP2(true)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("%s: %w", name, err)
		}
	}()
	slog.Info("listening", "port", name, "address", listener.Addr().String())
	return server, nil
}

// endGracefully serves on through the drain delay: readiness fails at once, but Services and routers
// need a while to follow, and until then they may still send new requests here.
func endGracefully(app *app, server *http.Server, drain time.Duration) error {
	app.draining.Store(true)
	time.Sleep(drain)
	ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("requests still open %s after the drain: %w", finishWithin, err)
	}
	return nil
}
