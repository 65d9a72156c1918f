package rtctokens

import (
	"encoding/json"
	"net/http"
	"time"
)

// Membership answers what a signed-in user may do in a room; empty means no entry.
type Membership func(user, room string) []string

// Handler answers GET /rtc-token?room=class_5127 for the user of your own session.
func Handler(cert Certificate, app string, user func(*http.Request) string, may Membership) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who := user(r) // from your session, never from the query
		if who == "" {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		room := r.URL.Query().Get("room")
		can := may(who, room)
		if len(can) == 0 {
			http.Error(w, "not your room", http.StatusForbidden)
			return
		}
		grant := Grant{App: app, User: who, Room: room, Can: can}
		token, err := Sign(cert, grant, time.Now(), 2*time.Hour)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("content-type", "application/json")
		w.Header().Set("cache-control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]string{"token": token})
	}
}
