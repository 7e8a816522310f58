#include "net/server/connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/check.h"
#include "base/log.h"
#include "net/server/forwarded.h"
#include "net/server/proxy_protocol.h"
#include "net/server/response_head.h"

namespace cardea {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kSmallInput = 4 * 1024;
constexpr std::size_t kBodyInput = 16 * 1024;
constexpr std::size_t kMaxDropped = 1024 * 1024;  // read and thrown away after a refusal, to save the answer
constexpr int kRequestsATurn = 16;                // pipelined requests answered before others on the loop get theirs
constexpr const char* kRetryAfter = "5";          // seconds: about as long as a large body takes
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// The Date header, printed once a second and thread.
std::string_view DateNow(const Clock& clock) {
    static thread_local std::int64_t second = -1;
    static thread_local std::string text;
    const Instant now = clock.Now();
    if (ToSeconds(now) != second) {
        second = ToSeconds(now);
        text = ToHttpDate(now);
    }
    return text;
}

// Runs a handler of ours; whatever it throws is a bug or an outage, and a 500.
template <class Function>
auto Guard(Serving& serving, const HttpRequest& request, const Function& function) -> decltype(function(request)) {
    try {
        return function(request);
    } catch (const std::exception& failure) {
        Log(LogLevel::kError, "handler_failed", {{"path", request.path}, {"reason", failure.what()}});
    } catch (...) {
        Log(LogLevel::kError, "handler_failed", {{"path", request.path}, {"reason", "unknown exception"}});
    }
    serving.counts.failed.Add();
    return HttpResponse{.status = 500};
}

}  // namespace

Connection::Connection(Loop& loop, Accepted accepted)
    : loop_(loop),
      serving_(loop.Shared()),
      socket_(std::move(accepted.socket)),
      descriptor_(socket_.native_handle()),
      peer_(accepted.peer),
      client_place_(std::move(accepted.place)),
      wants_tls_(accepted.tls),
      local_(accepted.local),
      parser_(serving_.limits),
      memory_(serving_.memory) {}

void Connection::SetStage(Stage stage, std::uint64_t ticks) {
    stage_ = stage;
    deadline_ = ticks == 0 ? 0 : loop_.Tick() + ticks;
}

// ---- Reading ---------------------------------------------------------------------------------------------------

void Connection::Start(ConnectionList::iterator place) {
    place_ = place;
    if (!serving_.options.proxy_protocol || local_) return StartTls();
    if (!ContainedInAny(serving_.options.trusted_proxies, peer_)) {
        serving_.counts.refused_connections.Add();
        return Close();
    }
    SetStage(Stage::kProxyHeader, serving_.ticks.handshake);
    AwaitProxyHeader();
}

void Connection::AwaitProxyHeader() {
    socket_.async_wait(LoopSocket::wait_read, [self = shared_from_this()](const error_code& error) {
        if (self->stage_ != Stage::kProxyHeader) return;
        if (error) return self->Close();
        self->ReadProxyHeader();
    });
}

void Connection::ReadProxyHeader() {
    // Looked at before it is taken: what follows the header belongs to TLS or HTTP.
    char bytes[kMaxProxyHeader];
    const ssize_t got = recv(descriptor_, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    const ProxyHeader header = got <= 0 ? ProxyHeader{} : ParseProxyHeader({bytes, static_cast<std::size_t>(got)});
    // Senders write the header in one piece: a part of one is looked at again on the next tick.
    if (header.outcome == ProxyHeader::Outcome::kIncomplete) return;
    if (header.outcome == ProxyHeader::Outcome::kInvalid ||
        recv(descriptor_, bytes, header.size, 0) != static_cast<ssize_t>(header.size)) {
        serving_.counts.refused_connections.Add();
        return Close();
    }
    if (header.source) peer_ = *header.source;
    if (!TakePlace(peer_)) return Close();
    StartTls();
}

// The proxy's own connections are not counted; those of the client that it names are.
bool Connection::TakePlace(const IpAddress& client) {
    if (ContainedInAny(serving_.options.trusted_proxies, client)) return true;
    client_place_ = serving_.clients.Take(client);
    if (!client_place_) serving_.counts.refused_clients.Add();
    return static_cast<bool>(client_place_);
}

void Connection::StartTls() {
    if (!wants_tls_) return StartReading();
    tls_ = std::make_unique<asio::ssl::stream<LoopSocket&>>(socket_, loop_.Tls());
    SetStage(Stage::kHandshake, serving_.ticks.handshake);
    tls_->async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](const error_code& error) {
        if (self->stage_ != Stage::kHandshake) return;
        if (!error) return self->StartReading();
        self->serving_.counts.refused_handshakes.Add();
        self->Close();
    });
}

void Connection::StartReading() {
    SetStage(Stage::kHeader, serving_.ticks.header);
    if (serving_.draining) return Close();
    ArmRead();
}

void Connection::ArmRead() {
    if (reading_ || ended_) return;
    if (stage_ == Stage::kBody)
        input_.MakeRoom(kBodyInput, kBodyInput);
    else
        input_.MakeRoom(kSmallInput, serving_.limits.header + kSmallInput);
    reading_ = true;
    auto on_read = [self = shared_from_this()](const error_code& error, std::size_t size) {
        self->OnRead(static_cast<bool>(error), size);
    };
    const asio::mutable_buffer room(input_.Room(), input_.RoomSize());
    if (tls_)
        tls_->async_read_some(room, std::move(on_read));
    else
        socket_.async_read_some(room, std::move(on_read));
}

void Connection::OnRead(bool failed, std::size_t size) {
    reading_ = false;
    if (stage_ == Stage::kClosed) return;
    input_.Append(size);
    ended_ = ended_ || failed;
    if (stage_ == Stage::kLingering) return tls_ ? void() : DropInput();
    if (stage_ == Stage::kWriting) return;  // AfterWrite looks at the input
    if (stage_ == Stage::kServing) {
        Turn turn = Turn::kWorker;
        if (turn_.compare_exchange_strong(turn, Turn::kWorkerThenLoop, std::memory_order_acq_rel)) return;
        if (turn == Turn::kWorkerThenLoop) return;
        TakeTurnBack();
    }
    Advance();
}

// Goes on as far as the input allows.
void Connection::Advance() {
    for (int budget = kRequestsATurn; budget > 0; --budget) {
        if (stage_ == Stage::kIdle && !input_.Empty()) SetStage(Stage::kHeader, serving_.ticks.header);
        std::size_t consumed = 0;
        const ParseStep step = parser_.Feed(input_.View(), consumed);
        input_.Consume(consumed);
        if (step != ParseStep::kRefused && !memory_.Hold(HeldBytes())) return Refuse(503);
        switch (step) {
            case ParseStep::kNeedMore:
                return ended_ ? Close() : ArmRead();
            case ParseStep::kRefused:
                return Refuse(parser_.RefusalStatus());
            case ParseStep::kHeader:
                // Better unread than read in vain.
                if (!memory_.CouldHold(HeldBytes() + parser_.DeclaredBody())) return Refuse(503);
                SetStage(Stage::kBody, serving_.ticks.body);
                if (parser_.ExpectsContinue() && input_.Empty()) return SendContinue();
                break;
            case ParseStep::kDone:
                Serve();
                if (stage_ != Stage::kIdle) return;
                break;
        }
    }
    asio::post(loop_.Io(), [self = shared_from_this()] {
        if (self->Reads()) self->Advance();
    });
}

void Connection::SendContinue() {
    auto on_written = [self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->stage_ != Stage::kBody) return;
        if (error) return self->Close();
        self->Advance();
    };
    const asio::const_buffer line(kContinue.data(), kContinue.size());
    if (tls_)
        asio::async_write(*tls_, line, std::move(on_written));
    else
        asio::async_write(socket_, line, std::move(on_written));
}

// ---- Answering -------------------------------------------------------------------------------------------------

void Connection::Serve() {
    serving_.counts.requests.Add();
    HttpRequest& request = parser_.Request();
    if (!local_)
        ApplyForwarded(request, peer_, tls_ != nullptr, serving_.options.trusted_proxies,
                       serving_.options.forwarded_style);
    keep_alive_ = parser_.KeepAlive();
    if (const auto& handler = serving_.handlers.inline_handler; handler && !local_) {
        using Answer = std::optional<HttpResponse>;
        auto answer = Guard(serving_, request, [&](const HttpRequest& r) -> Answer { return handler(r); });
        if (answer) return Respond(std::move(*answer));
    }
    const bool more = !input_.Empty() || ended_;
    SetStage(Stage::kServing, 0);
    turn_.store(more ? Turn::kWorkerThenLoop : Turn::kWorker, std::memory_order_relaxed);
    if (!more) ArmRead();
    // The loop keeps a connection in its list for as long as a worker has the turn.
    if (serving_.workers.Submit([this] { AnswerOnWorker(); })) return;
    turn_.store(Turn::kLoop, std::memory_order_relaxed);
    serving_.counts.refused_overload.Add();
    const auto& overloaded = serving_.handlers.overloaded;
    Respond(overloaded ? Guard(serving_, request, overloaded) : HttpResponse{.status = 503});
}

void Connection::AnswerOnWorker() {
    Compose(Guard(serving_, parser_.Request(), local_ ? serving_.handlers.local_handler : serving_.handlers.handler));
    if (!tls_ && TrySend() == Sent::kAll && keep_alive_) {
        out_ = {};
        rested_at_ = loop_.Tick();
        Turn turn = Turn::kWorker;
        // From here on the connection is the loop's, and may be gone.
        if (turn_.compare_exchange_strong(turn, Turn::kLoop, std::memory_order_acq_rel)) return;
    }
    asio::post(loop_.Io(), [self = shared_from_this()] { self->OnAnswered(); });
}

void Connection::OnAnswered() {
    turn_.store(Turn::kLoop, std::memory_order_relaxed);
    if (abort_) return Close();
    if (!out_.Complete()) return Write();
    AfterWrite();
    if (stage_ == Stage::kIdle) Advance();
}

void Connection::Refuse(int status) {
    Count& count = status == 413   ? serving_.counts.refused_body
                   : status == 431 ? serving_.counts.refused_header
                   : status == 408 ? serving_.counts.timed_out
                   : status == 503 ? serving_.counts.refused_memory
                                   : serving_.counts.refused_malformed;
    count.Add();
    keep_alive_ = false;
    HttpResponse response = serving_.handlers.refused ? serving_.handlers.refused(status) : HttpResponse{};
    response.status = status;
    if (status == 503) response.headers.emplace_back("Retry-After", kRetryAfter);
    Respond(std::move(response));
}

// Makes the answer's bytes; the request's are given back before they are sent, which may take long.
void Connection::Compose(HttpResponse response) {
    ResponseFraming framing{.keep_alive = keep_alive_ && !serving_.draining.load(std::memory_order_relaxed),
                            .date = DateNow(serving_.clock)};
    auto head = PrintResponseHead(response, framing);
    if (!head) {
        Log(LogLevel::kError, "response_refused", {{"path", parser_.Request().path}, {"status", response.status}});
        serving_.counts.failed.Add();
        response = {.status = 500};
        head = PrintResponseHead(response, framing);
        CHECK(head.has_value());
    }
    keep_alive_ = framing.keep_alive;
    const bool body = StatusHasBody(response.status) && !parser_.IsHead();
    out_ = {.head = std::move(*head), .body = body ? std::move(response.body) : std::string()};
    ForgetRequest();
}

void Connection::ForgetRequest() {
    parser_.Reset();
    memory_.Hold(0);
}

// On the loop. Afterwards the stage is kIdle when the answer is out and the connection goes on.
void Connection::Respond(HttpResponse response) {
    Compose(std::move(response));
    Send();
}

void Connection::Send() {
    if (tls_ || TrySend() != Sent::kAll) return Write();
    AfterWrite();
}

// ---- Writing and ending ----------------------------------------------------------------------------------------

// Without waiting, on the loop or on the worker that has the turn. Never over TLS, whose state is the loop's.
Connection::Sent Connection::TrySend() {
    while (!out_.Complete()) {
        const std::size_t head = std::min(out_.sent, out_.head.size()), body = out_.sent - head;
        iovec parts[2] = {{out_.head.data() + head, out_.head.size() - head},
                          {out_.body.data() + body, out_.body.size() - body}};
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = 2;
        const ssize_t sent = sendmsg(descriptor_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? Sent::kSome : Sent::kBroken;
        out_.sent += static_cast<std::size_t>(sent);
    }
    return Sent::kAll;
}

// Writes what is left of the answer, waiting for the client as long as the deadline allows.
void Connection::Write() {
    SetStage(Stage::kWriting, serving_.ticks.write);
    const std::size_t head = std::min(out_.sent, out_.head.size()), body = out_.sent - head;
    const std::array<asio::const_buffer, 2> parts = {
        asio::const_buffer(out_.head.data() + head, out_.head.size() - head),
        asio::const_buffer(out_.body.data() + body, out_.body.size() - body)};
    auto on_written = [self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->stage_ != Stage::kWriting) return;
        if (error) return self->Close();
        self->AfterWrite();
        if (self->stage_ == Stage::kIdle) self->Advance();
    };
    if (tls_)
        asio::async_write(*tls_, parts, std::move(on_written));
    else
        asio::async_write(socket_, parts, std::move(on_written));
}

void Connection::AfterWrite() {
    out_ = {};
    if (!keep_alive_) return Linger();
    SetStage(Stage::kIdle, serving_.ticks.idle);
}

// A worker gave the turn back without a word.
void Connection::TakeTurnBack() {
    stage_ = Stage::kIdle;
    deadline_ = rested_at_ + serving_.ticks.idle;
}

void Connection::Linger() {
    if (ended_ && !tls_) return Close();
    SetStage(Stage::kLingering, serving_.draining ? 1 : serving_.ticks.linger);
    if (!tls_) {
        error_code ignored;
        socket_.shutdown(LoopSocket::shutdown_send, ignored);
        return DropInput();
    }
    tls_->async_shutdown([self = shared_from_this()](const error_code&) {
        if (self->stage_ != Stage::kLingering) return;
        if (self->reading_) return self->Close();  // the buffer is in use; and nothing unread was there
        error_code ignored;
        self->socket_.shutdown(LoopSocket::shutdown_send, ignored);
        self->DropInput();
    });
}

void Connection::DropInput() {
    dropped_ += input_.View().size();
    input_.Consume(input_.View().size());
    if ((ended_ && !tls_) || dropped_ > kMaxDropped) return Close();
    if (!tls_) return ArmRead();
    input_.MakeRoom(kSmallInput, kSmallInput);
    socket_.async_read_some(asio::mutable_buffer(input_.Room(), input_.RoomSize()),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                                if (self->stage_ != Stage::kLingering) return;
                                if (error) return self->Close();
                                self->input_.Append(size);
                                self->DropInput();
                            });
}

void Connection::OnTick() {
    if (stage_ == Stage::kProxyHeader) ReadProxyHeader();
    if (stage_ == Stage::kServing && turn_.load(std::memory_order_acquire) == Turn::kLoop) TakeTurnBack();
    if (serving_.draining) Drain();
    if (stage_ != Stage::kClosed && deadline_ != 0 && loop_.Tick() >= deadline_) Expire();
}

void Connection::Expire() {
    if (stage_ == Stage::kIdle && tls_) return Linger();
    if (stage_ == Stage::kIdle || stage_ == Stage::kLingering) return Close();
    const bool asked = stage_ == Stage::kBody || (stage_ == Stage::kHeader && !input_.Empty());
    if (asked) return Refuse(408);
    serving_.counts.timed_out.Add();
    Close();
}

void Connection::Drain() {
    if (stage_ == Stage::kServing && turn_.load(std::memory_order_acquire) == Turn::kLoop) TakeTurnBack();
    const bool asked = stage_ == Stage::kBody || (stage_ == Stage::kHeader && !input_.Empty());
    if (stage_ == Stage::kLingering) deadline_ = std::min(deadline_, loop_.Tick() + 1);
    if (stage_ == Stage::kIdle && tls_) return Linger();
    if (stage_ <= Stage::kBody && !asked) Close();
}

void Connection::Abort() {
    abort_ = true;
    if (stage_ == Stage::kServing && turn_.load(std::memory_order_acquire) != Turn::kLoop) return;
    if (stage_ != Stage::kClosed) Close();
}

void Connection::Close() {
    CHECK(turn_.load(std::memory_order_acquire) == Turn::kLoop);
    stage_ = Stage::kClosed;
    error_code ignored;
    socket_.close(ignored);
    client_place_.Leave();
    const auto self = shared_from_this();  // Remove drops the list's
    loop_.Remove(place_);
}

}  // namespace cardea
