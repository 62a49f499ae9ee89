/** Types that the feed and the shop share. */
namespace * platform.common
namespace go common

typedef i64 UserId
typedef i64 Timestamp   // milliseconds since 1970
typedef string Url
typedef map<string, string> Labels

const i32 DEFAULT_PAGE_SIZE = 20
const i32 MAX_PAGE_SIZE = 200
const list<string> SUPPORTED_LOCALES = ["en-GB", "de-DE", "zh-CN"]

enum Locale {
  EN_GB = 1,
  DE_DE,
  ZH_CN = 10,
}

enum Currency {
  EUR = 978
  GBP = 826
  CNY = 156
  USD = 840
}

/** An amount in the smallest unit of its currency, so that it never needs a fraction. */
struct Money {
  1: required i64 amount
  2: required Currency currency = Currency.EUR
}

struct Image {
  1: required Url url
  2: i16 width
  3: i16 height
  /** A tiny preview, shown until the picture has arrived. */
  4: optional binary preview
}

struct UserBrief {
  1: required UserId id (api.key = "id")
  2: required string displayName (api.key = "display_name")
  3: Url avatarUrl (go.tag = 'json:"avatar_url,omitempty"')
  4: bool verified = false
  5: i32 followers = 0
}

struct Cursor {
  1: optional string token
  2: i32 size = DEFAULT_PAGE_SIZE
}

struct Page {
  1: optional string next
  2: bool hasMore (api.key = "has_more")
  3: i64 total
}

exception NotFound {
  1: required string what
  2: i64 id
}

exception RateLimited {
  1: required i32 retryAfterSeconds (api.key = "retry_after_seconds")
  2: optional string reason
}
