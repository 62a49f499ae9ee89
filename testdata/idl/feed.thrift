/** A social feed. */
namespace * platform.feed
namespace go feed

include "base.thrift"
include "common.thrift"

enum ItemKind {
  POST = 0
  PHOTO = 1
  VIDEO = 2
  PRODUCT = 3
  AD = 4
}

enum Reaction {
  LIKE = 1
  LOVE = 2
  LAUGH = 3
  SAD = 4
}

struct Video {
  1: required common.Url url
  2: double seconds
  3: optional common.Image poster
}

struct Poll {
  1: required string question
  2: required list<string> choices
  3: list<i32> votes
}

/** What hangs below the text of an item. */
union Attachment {
  1: common.Image image
  2: Video video
  3: Poll poll
  4: common.Url link
}

struct Stats {
  1: i32 views = 0
  2: i32 likes = 0
  3: i32 comments = 0
  4: i32 shares = 0
  5: double score
}

struct Item {
  1: required i64 id
  2: required ItemKind kind = ItemKind.POST
  3: required common.UserBrief author
  4: string title
  5: string text
  6: required common.Url url
  7: common.Timestamp createdAt (go.tag = 'json:"created_at"')
  8: Stats stats
  9: list<string> tags
  10: bool liked = false
  11: bool sponsored = false
  12: optional Attachment attachment
  13: optional map<Reaction, i32> reactions
  14: optional list<Comment> comments (api.key = "top_comments")
  15: optional double price
  255: optional common.Labels labels
}

/** Comments nest, so the type refers to itself. */
struct Comment {
  1: required i64 id
  2: required common.UserBrief author
  3: required string text
  4: optional list<Comment> replies
}

struct FeedRequest {
  1: required common.UserId userId (api.path = "user_id", api.key = "user_id")
  2: common.Cursor cursor
  3: optional set<ItemKind> kinds (api.query = "kinds")
  4: common.Locale locale = common.Locale.EN_GB (api.header = "X-Locale")
  5: optional string session (api.cookie = "session")
  255: optional base.Base Base
}

struct FeedResponse {
  1: required list<Item> items
  2: required common.Page page
  3: optional string experiment
  255: optional base.BaseResp BaseResp
}

struct PublishRequest {
  1: required common.UserId author
  2: required string text (vt.max_size = "5000")
  3: list<Attachment> attachments = []
  4: optional string idempotencyKey (api.header = "Idempotency-Key")
  255: optional base.Base Base
}

struct PublishResponse {
  1: required i64 id
  255: optional base.BaseResp BaseResp
}
