package vigilserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	tolerance = 300 * time.Second
	maxBody   = 64 << 10
)

// ErrSignature is returned for a call that is not ours, or too old.
var ErrSignature = errors.New("callback signature does not match")

// Verify checks a callback or webhook. Certificates: all that are active, by id.
func Verify(header http.Header, body []byte, certs map[string][]byte, now time.Time) error {
	stamp := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return ErrSignature
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return ErrSignature
	}
	text := header.Get("webhook-id") + "." + stamp + "." + string(body)
	// Two entries, separated by a space, while two certificates are active.
	for _, entry := range strings.Fields(header.Get("webhook-signature")) {
		id, encoded, found := strings.Cut(entry, "=")
		secret, known := certs[id]
		if !found || !known {
			continue
		}
		given, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			continue
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(text))
		if hmac.Equal(given, mac.Sum(nil)) {
			return nil
		}
	}
	return ErrSignature
}

type beforeSend struct {
	Conversation string `json:"conversation"`
	Sender       string `json:"sender"`
	Body         struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"body"`
}

// Moderation answers the callback message.before_send. Judge must be quick: the
// message waits for it, 2 seconds by default.
func Moderation(certs map[string][]byte, judge func(sender, text string) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		if err := Verify(r.Header, body, certs, time.Now()); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		var call beforeSend
		if err := json.Unmarshal(body, &call); err != nil {
			http.Error(w, "not JSON", http.StatusBadRequest)
			return
		}
		answer := map[string]string{"action": "pass"}
		if call.Body.Type == "text" && !judge(call.Sender, call.Body.Text) {
			answer = map[string]string{"action": "block", "reason": "rules of this room"}
		}
		w.Header().Set("content-type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}
}
