package vigilserver

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

var userID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// ErrUserID is returned for a user id that the server would refuse with 1104.
var ErrUserID = errors.New("user id must be 1 to 64 of A-Z a-z 0-9 _ - .")

// SignToken returns a JWT (HS256) that lets the user sign in until now + lifetime.
func SignToken(cert Certificate, app, user string, now time.Time, lifetime time.Duration) (string, error) {
	if !userID.MatchString(user) {
		return "", ErrUserID
	}
	header, err := json.Marshal(map[string]string{"alg": "HS256", "typ": "JWT", "kid": cert.ID})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{
		"app":   app,
		"sub":   user,
		"iat":   now.Unix(),
		"exp":   now.Add(lifetime).Unix(),
		"scope": []string{"im"},
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
