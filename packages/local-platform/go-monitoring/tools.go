// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package monitoring has no code of its own: it pins the programs that are built out of other modules.
package monitoring

import (
	_ "github.com/prometheus/alertmanager/cmd/alertmanager"
	_ "github.com/prometheus/alertmanager/cmd/amtool"
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
