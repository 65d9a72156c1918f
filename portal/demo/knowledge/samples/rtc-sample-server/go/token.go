// Package rtctokens signs tokens for voice and video rooms.
package rtctokens

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"time"
)

// Certificate is one app certificate, as the console shows it.
type Certificate struct {
	ID     string // for example "k4"
	Secret []byte // 32 bytes, base64 in the console
}

// Grant says who may enter which room, and what the user may do there.
type Grant struct {
	App, User, Room string
	Can             []string // publish_audio, publish_video, publish_screen, subscribe
}

// LongestLifetime is the most that the server accepts for a room token.
const LongestLifetime = 24 * time.Hour

var (
	identifier = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

	// ErrIdentifier is returned for a user or room id that the server would refuse.
	ErrIdentifier = errors.New("ids must be 1 to 64 of A-Z a-z 0-9 _ - .")
	// ErrLifetime is returned for a lifetime that is not between 1 minute and 24 hours.
	ErrLifetime = errors.New("lifetime must be between 1 minute and 24 hours")
)

// Sign returns a JWT (HS256) that lets the user join until now + lifetime.
func Sign(cert Certificate, grant Grant, now time.Time, lifetime time.Duration) (string, error) {
	if !identifier.MatchString(grant.User) || !identifier.MatchString(grant.Room) {
		return "", ErrIdentifier
	}
	if lifetime < time.Minute || lifetime > LongestLifetime {
		return "", ErrLifetime
	}
	header, err := json.Marshal(map[string]string{"alg": "HS256", "typ": "JWT", "kid": cert.ID})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"app":   grant.App,
		"sub":   grant.User,
		"room":  grant.Room,
		"can":   grant.Can,
		"scope": []string{"rtc"},
		"iat":   now.Unix(),
		"exp":   now.Add(lifetime).Unix(),
	})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode(header) + "." + encode(claims)
	mac := hmac.New(sha256.New, cert.Secret)
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil)), nil
}
