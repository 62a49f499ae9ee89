/** The services of the platform; the file to load. */
namespace * platform.api
namespace go api

include "base.thrift"
include "common.thrift"
include "feed.thrift"
include "shop.thrift"

service Health {
  string ping(1: string message)
  oneway void report(1: string source, 2: map<string, double> gauges)
}

service FeedService extends Health {
  feed.FeedResponse getFeed(1: feed.FeedRequest request) throws (
    1: common.NotFound notFound,
    2: common.RateLimited rateLimited,
  ) (api.get = "/v1/users/:user_id/feed")

  feed.PublishResponse publish(1: feed.PublishRequest request) throws (1: common.RateLimited rateLimited)
    (api.post = "/v1/items", api.serializer = "json")

  void react(1: i64 itemId, 2: feed.Reaction reaction, 3: common.UserId userId) throws (1: common.NotFound notFound)
}

service ShopService extends Health {
  shop.GetProductResponse getProduct(1: shop.GetProductRequest request) throws (1: common.NotFound notFound)
    (api.get = "/v1/products/:id")

  shop.OrderResponse order(1: shop.OrderRequest request) throws (
    1: shop.OutOfStock outOfStock,
    2: common.RateLimited rateLimited,
  ) (api.post = "/v1/orders")

  map<i64, common.Money> quote(1: list<i64> productIds, 2: common.Currency currency = common.Currency.EUR)
}
