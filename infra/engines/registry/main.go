// A schema registry for tests: franz-go's fake one, which speaks Confluent's API, on 127.0.0.1.
//
//	registry <file> <port>
//
// The fake keeps everything in memory. Each request that changed something is written to the file before it is answered, and
// all of them are made again, in their order, at the next start: so every schema comes back with the id that it had.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"
)

const bodyBytesMax = 1 << 20

// change is a request that changed something.
type change struct {
	Method, Path, Body string
}

func (c change) apply(registry http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	registry.ServeHTTP(answer, httptest.NewRequest(c.Method, c.Path, strings.NewReader(c.Body)))
	return answer
}

// changes says whether a request may change anything. Looking up a schema and asking whether one is compatible are POSTs too.
func changes(request *http.Request) bool {
	switch request.Method {
	case http.MethodPut, http.MethodDelete:
		return true
	case http.MethodPost:
		return strings.HasPrefix(request.URL.Path, "/subjects/") && strings.HasSuffix(request.URL.Path, "/versions")
	}
	return false
}

// replay makes all changes again and leaves the file where the next one goes. A last one that was cut off was never answered.
func replay(file *os.File, registry http.Handler) error {
	decoder := json.NewDecoder(file)
	end := int64(0)
	for {
		var made change
		err := decoder.Decode(&made)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
		made.apply(registry)
		end = decoder.InputOffset()
	}
	if err := file.Truncate(end); err != nil {
		return err
	}
	_, err := file.Seek(end, io.SeekStart)
	return err
}

// recorded makes one change after the other, each on file before it is answered.
func recorded(file *os.File, registry http.Handler) http.HandlerFunc {
	var one sync.Mutex
	return func(writer http.ResponseWriter, request *http.Request) {
		if !changes(request) {
			registry.ServeHTTP(writer, request)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, bodyBytesMax))
		if err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return
		}
		one.Lock()
		defer one.Unlock()
		made := change{request.Method, request.URL.RequestURI(), string(body)}
		answer := made.apply(registry)
		if answer.Code < http.StatusMultipleChoices {
			line, err := json.Marshal(made)
			if err == nil {
				_, err = file.Write(append([]byte{'\n'}, line...))
			}
			if err != nil {
				log.Fatalf("What was registered cannot be kept: %v", err)
			}
		}
		for name, values := range answer.Header() {
			writer.Header()[name] = values
		}
		writer.WriteHeader(answer.Code)
		_, _ = io.Copy(writer, bytes.NewReader(answer.Body.Bytes()))
	}
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("Usage: registry <file> <port>")
	}
	registry := srfake.NewRegistry(srfake.WithGlobalCompat(sr.CompatFullTransitive)).Handler()
	file, err := os.OpenFile(os.Args[1], os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	if err := replay(file, registry); err != nil {
		log.Fatalf("%s cannot be read: %v", os.Args[1], err)
	}
	log.Fatal(http.ListenAndServe(net.JoinHostPort("127.0.0.1", os.Args[2]), recorded(file, registry)))
}
