// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nodelabeller FILE: what KubeVirt's node labeller keeps of domain capabilities: which modes there are, the models that a node can
// be labelled with, and memory encryption. KubeVirt reads the document with encoding/xml into structures of this shape
// (pkg/virt-handler/node-labeller/model.go of kubevirt/kubevirt, 2025).
package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
)

type model struct {
	Name   string `xml:",chardata"`
	Usable string `xml:"usable,attr"`
}

type mode struct {
	Name      string  `xml:"name,attr"`
	Supported string  `xml:"supported,attr"`
	Vendor    string  `xml:"vendor"`
	Models    []model `xml:"model"`
}

type secured struct {
	Supported       string   `xml:"supported,attr"`
	CBitPos         uint     `xml:"cbitpos"`
	ReducedPhysBits uint     `xml:"reducedPhysBits"`
	MaxGuests       uint     `xml:"maxGuests"`
	MaxESGuests     uint     `xml:"maxESGuests"`
	Values          []string `xml:"enum>value"`
}

type domainCapabilities struct {
	Modes          []mode  `xml:"cpu>mode"`
	SEV            secured `xml:"features>sev"`
	TDX            secured `xml:"features>tdx"`
	LaunchSecurity secured `xml:"features>launchSecurity"`
}

func main() {
	var found domainCapabilities
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = xml.Unmarshal(text, &found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, mode := range found.Modes {
		usable := 0
		for _, model := range mode.Models {
			if model.Usable == "yes" {
				usable++
			}
		}
		fmt.Printf("%s %s %d %d\n", mode.Name, mode.Supported, len(mode.Models), usable)
	}
	fmt.Printf("sev %s %d %d %d %d\n", found.SEV.Supported, found.SEV.CBitPos, found.SEV.ReducedPhysBits, found.SEV.MaxGuests,
		found.SEV.MaxESGuests)
	fmt.Printf("tdx %s\n", found.TDX.Supported)
	fmt.Printf("launchSecurity %s %s\n", found.LaunchSecurity.Supported, strings.Join(found.LaunchSecurity.Values, ","))
}
