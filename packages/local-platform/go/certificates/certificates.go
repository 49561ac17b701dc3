// SPDX-License-Identifier: Apache-2.0

// Package certificates issues what the parts of a local cluster know each other by.
package certificates

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	authorityYears   = 10
	certificateYears = 1
)

// A request names one certificate. An authority signs those that name it, and is kept when it is
// there already; all others are issued anew, so that they never run out.
type request struct {
	Name          string   `json:"name"`
	SignedBy      string   `json:"signedBy"`
	CommonName    string   `json:"commonName"`
	Organizations []string `json:"organizations"`
	Hosts         []string `json:"hosts"`
}

type pair struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// Issue reads {"dir", "requests"} as JSON and writes NAME.crt and NAME.key (readable by this user
// only) for each request; a name may hold a folder. A request without signedBy is an authority; one with hosts is for a
// server, one without for a client. Authorities come before what they sign.
func Issue(input io.Reader) error {
	var order struct {
		Dir      string    `json:"dir"`
		Requests []request `json:"requests"`
	}
	if err := json.NewDecoder(input).Decode(&order); err != nil {
		return fmt.Errorf("the order cannot be read: %w", err)
	}
	authorities := map[string]*pair{}
	for _, each := range order.Requests {
		if each.SignedBy == "" {
			authority, err := readOrMakeAuthority(order.Dir, each)
			if err != nil {
				return fmt.Errorf("%s: %w", each.Name, err)
			}
			authorities[each.Name] = authority
			continue
		}
		authority := authorities[each.SignedBy]
		if authority == nil {
			return fmt.Errorf("%s: there is no authority %q", each.Name, each.SignedBy)
		}
		if err := issue(order.Dir, each, authority); err != nil {
			return fmt.Errorf("%s: %w", each.Name, err)
		}
	}
	return nil
}

func readOrMakeAuthority(dir string, each request) (*pair, error) {
	kept, err := read(dir, each.Name)
	if err == nil && time.Until(kept.certificate.NotAfter) > certificateYears*366*24*time.Hour {
		return kept, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	template, err := newTemplate(each, authorityYears)
	if err != nil {
		return nil, err
	}
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	if err := sign(dir, each.Name, template, nil); err != nil {
		return nil, err
	}
	return read(dir, each.Name)
}

func issue(dir string, each request, authority *pair) error {
	template, err := newTemplate(each, certificateYears)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(each.Hosts) > 0 {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	for _, host := range each.Hosts {
		if address := net.ParseIP(host); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	return sign(dir, each.Name, template, authority)
}

func newTemplate(each request, years int) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: each.CommonName, Organization: each.Organizations},
		// A laptop's clock may be set back a little.
		NotBefore: now.Add(-time.Hour),
		NotAfter:  now.AddDate(years, 0, 0),
	}, nil
}

// sign makes a key and its certificate; without an authority it signs itself.
func sign(dir, name string, template *x509.Certificate, authority *pair) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	if authority == nil {
		authority = &pair{certificate: template, key: key}
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, authority.certificate, key.Public(), authority.key)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := write(dir, name+".key", "PRIVATE KEY", encoded); err != nil {
		return err
	}
	return write(dir, name+".crt", "CERTIFICATE", certificate)
}

func write(dir, name, kind string, content []byte) error {
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
	if err := os.WriteFile(file+".tmp", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

func read(dir, name string) (*pair, error) {
	certificate, err := readBlock(filepath.Join(dir, name+".crt"))
	if err != nil {
		return nil, err
	}
	encoded, err := readBlock(filepath.Join(dir, name+".key"))
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(encoded)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s.key cannot sign", name)
	}
	return &pair{certificate: parsed, key: signer}, nil
}

func readBlock(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file", file)
	}
	return block.Bytes, nil
}
