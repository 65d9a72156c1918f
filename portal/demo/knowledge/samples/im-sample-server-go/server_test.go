package vigilserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

func signed(body string, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("evt_1." + stamp + "." + body))
	header := http.Header{}
	header.Set("webhook-id", "evt_1")
	header.Set("webhook-timestamp", stamp)
	header.Set("webhook-signature", "k3=AAAA k4="+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return header
}

func TestTokenHasThreePartsAndNamesItsKey(t *testing.T) {
	token, err := SignToken(Certificate{"k4", secret}, "8841", "u_82ab", time.Unix(1794796200, 0), 2*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	if !strings.Contains(string(header), `"kid":"k4"`) {
		t.Fatalf("header %s", header)
	}
}

func TestTokenRefusesAStrangeUser(t *testing.T) {
	if _, err := SignToken(Certificate{"k4", secret}, "8841", "a b", time.Now(), time.Hour); err != ErrUserID {
		t.Fatalf("got %v", err)
	}
}

func TestVerify(t *testing.T) {
	now := time.Unix(1794796200, 0)
	certs := map[string][]byte{"k4": secret}
	cases := []struct {
		name   string
		header http.Header
		body   string
		want   error
	}{
		{"ours", signed("{}", now), "{}", nil},
		{"changed body", signed("{}", now), "{ }", ErrSignature},
		{"too old", signed("{}", now.Add(-301*time.Second)), "{}", ErrSignature},
		{"no headers", http.Header{}, "{}", ErrSignature},
	}
	for _, each := range cases {
		if got := Verify(each.header, []byte(each.body), certs, now); got != each.want {
			t.Errorf("%s: %v", each.name, got)
		}
	}
}
