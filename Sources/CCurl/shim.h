#pragma once
#include <curl/curl.h>

// libcurl's setters and getters take variable arguments, which Swift cannot call.
static inline CURLcode ingestd_curl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ingestd_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ingestd_curl_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLcode ingestd_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}
static inline CURLMcode ingestd_curl_keep(CURLM *multi, long connections) {
  return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
}
typedef size_t (*ingestd_curl_receiver)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode ingestd_curl_set_receiver(CURL *easy, CURLoption option, ingestd_curl_receiver receiver) {
  return curl_easy_setopt(easy, option, receiver);
}
static inline long ingestd_curl_status(CURL *easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// Takes a finished transfer off the queue; returns 0 if there is none. In C, since Swift imports the message's union
// badly.
static inline CURL *ingestd_curl_finished(CURLM *multi, CURLcode *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return 0;
}
static inline CURLcode ingestd_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
