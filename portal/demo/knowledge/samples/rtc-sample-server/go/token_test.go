package rtctokens

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var cert = Certificate{"k4", []byte("0123456789abcdef0123456789abcdef")}

func TestTokenNamesRoomAndKey(t *testing.T) {
	grant := Grant{"8841", "u_102", "class_5127", []string{"subscribe"}}
	token, err := Sign(cert, grant, time.Unix(1794300000, 0), 2*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	header, _ := base64.RawURLEncoding.DecodeString(parts[0])
	claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
	if !strings.Contains(string(header), `"kid":"k4"`) {
		t.Errorf("header %s", header)
	}
	if !strings.Contains(string(claims), `"room":"class_5127"`) {
		t.Errorf("claims %s", claims)
	}
}

func TestSignRefuses(t *testing.T) {
	now := time.Unix(1794300000, 0)
	if _, err := Sign(cert, Grant{"8841", "a b", "r", nil}, now, time.Hour); err != ErrIdentifier {
		t.Errorf("strange user: %v", err)
	}
	if _, err := Sign(cert, Grant{"8841", "a", "r", nil}, now, 25*time.Hour); err != ErrLifetime {
		t.Errorf("too long: %v", err)
	}
}

func TestHandlerAsksWhoMayEnter(t *testing.T) {
	handler := Handler(cert, "8841",
		func(r *http.Request) string { return r.Header.Get("x-test-user") },
		func(user, room string) []string {
			if user == "teacher" {
				return []string{"publish_audio", "publish_video", "subscribe"}
			}
			return nil
		})
	for user, want := range map[string]int{"": 401, "stranger": 403, "teacher": 200} {
		request := httptest.NewRequest("GET", "/rtc-token?room=class_5127", nil)
		request.Header.Set("x-test-user", user)
		answer := httptest.NewRecorder()
		handler(answer, request)
		if answer.Code != want {
			t.Errorf("%q: %d, not %d", user, answer.Code, want)
		}
	}
}
