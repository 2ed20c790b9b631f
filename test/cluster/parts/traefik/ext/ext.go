// SPDX-License-Identifier: Apache-2.0

// Package ext satisfies the import of the same name in Traefik, whose own go.mod replaces it by a folder
// that a module download does not hold. Nothing is extended here.
package ext

// HTTP extends Traefik's HTTP configuration with nothing.
type HTTP struct{}

// DeepCopyInto copies nothing.
func (h *HTTP) DeepCopyInto(*HTTP) {}

// Router extends Traefik's router configuration with nothing.
type Router struct{}

// DeepCopyInto copies nothing.
func (r *Router) DeepCopyInto(*Router) {}
