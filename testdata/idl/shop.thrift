/** The shop: products, stock and the events of an order. */
namespace * platform.shop
namespace go shop

include "base.thrift"
include "common.thrift"

enum OrderState {
  CREATED = 0
  PAID = 1
  SHIPPED = 2
  DELIVERED = 3
  RETURNED = -1
}

struct Size {
  1: double length
  2: double width
  3: double height
}

struct Product {
  1: required i64 id
  2: required string name
  3: required common.Money price
  4: map<common.Currency, i64> prices
  5: list<list<string>> categories = [["all"]]
  6: map<i32, string> attributes
  7: map<string, list<common.Image>> galleries
  8: Size size = {"length": 10, "width": 10.5, "height": 1e1}
  9: optional uuid sku
  10: optional set<i16> warehouses
  11: map<bool, i32> stock
}

struct OrderLine {
  1: required i64 productId (api.key = "product_id")
  2: required i16 quantity = 1
  3: required common.Money price
  4: optional string note
}

struct Card {
  1: required string holder
  2: required string lastDigits (api.key = "last_digits")
  3: byte month
  4: i16 year
}

union Payment {
  1: Card card
  2: string voucher
  3: i64 invoice
}

/** One line of the event log of the orders. */
struct OrderEvent {
  1: required uuid eventId (api.key = "event_id")
  2: required i64 orderId (api.key = "order_id")
  3: required common.Timestamp at
  4: required OrderState state
  5: common.UserBrief buyer
  6: list<OrderLine> lines
  7: optional Payment payment
  8: optional map<i64, double> discounts
  9: optional map<OrderState, common.Timestamp> history
  10: optional binary signature
  11: optional list<list<i32>> route
  12: optional map<Size, i32> parcels
  13: byte priority = 0
  14: optional string comment
}

struct GetProductRequest {
  1: required i64 id (api.path = "id")
  2: common.Locale locale (api.query = "locale")
  255: optional base.Base Base
}

struct GetProductResponse {
  1: required Product product
  255: optional base.BaseResp BaseResp
}

struct OrderRequest {
  1: required list<OrderLine> lines (api.body = "lines")
  2: required Payment payment (api.body = "payment")
  3: optional string coupon (api.query = "coupon")
  255: optional base.Base Base
}

struct OrderResponse {
  1: required i64 orderId (api.body = "order_id", api.key = "order_id")
  2: OrderState state = OrderState.CREATED
  255: optional base.BaseResp BaseResp
}

exception OutOfStock {
  1: required i64 productId (api.key = "product_id")
  2: i32 left = 0
}
