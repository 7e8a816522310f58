#include "net/server/loop.h"

#include "base/clock.h"
#include "net/server/connection.h"

namespace cardea {

Loop::Loop(Serving& serving, boost::asio::ssl::context* tls)
    : serving_(serving), tls_(tls), work_(io_.get_executor()), timer_(io_) {}

Loop::~Loop() { Join(); }

void Loop::Start() {
    ArmTimer();
    thread_ = std::thread([this] { io_.run(); });
}

void Loop::Join() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
}

void Loop::Adopt(Accepted accepted) {
    connections_.push_back(std::make_shared<Connection>(*this, std::move(accepted)));
    const auto place = std::prev(connections_.end());
    const auto connection = *place;  // it may leave the list at once
    connection->Start(place);
}

void Loop::Remove(ConnectionList::iterator place) {
    connections_.erase(place);
    serving_.open.fetch_sub(1, std::memory_order_release);
}

void Loop::Drain() {
    ForEach([](Connection& each) { each.Drain(); });
}

void Loop::CloseAll() {
    ForEach([](Connection& each) { each.Abort(); });
}

// Each may leave the list while it is visited.
void Loop::ForEach(FunctionRef<void(Connection&)> visit) {
    for (auto next = connections_.begin(); next != connections_.end();) {
        const auto connection = *next++;
        visit(*connection);
    }
}

void Loop::ArmTimer() {
    timer_.expires_after(serving_.ticks.length);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) OnTick();
    });
}

void Loop::OnTick() {
    tick_.store(Tick() + 1, std::memory_order_relaxed);
    ForEach([](Connection& each) { each.OnTick(); });
    ArmTimer();
}

}  // namespace cardea
