#pragma once
// One client's connection: reads requests one after the other, has each answered, writes the answers. Includes Asio:
// for the server's own translation units only.
//
// It belongs to its loop's thread, except while `turn_` says that a worker has it: then the worker alone touches the
// request, the response and (to write) the socket's descriptor, and the loop does no more than read ahead one bufferful
// and wait. A worker that could write the whole answer gives the turn back without waking the loop.

#include <atomic>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>

#include "net/http.h"
#include "net/server/input_buffer.h"
#include "net/server/loop.h"
#include "net/server/request_parser.h"

namespace cardea {

// Shared with the operations under way on it (Asio's handlers), which may outlast its place in the loop's list.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
    Connection(Loop& loop, Accepted accepted);

    void Start(ConnectionList::iterator place);
    // Looks at the deadline.
    void OnTick();
    // The server stops: closes now if nothing was asked.
    void Drain();
    // Closes now, or as soon as the worker that has it is done.
    void Abort();

 private:
    enum class Stage : std::uint8_t {
        kProxyHeader,
        kHandshake,
        kIdle,
        kHeader,
        kBody,
        kServing,  // on a worker
        kWriting,
        kLingering,  // answered for the last time: reads and drops, so that the answer is not lost to a reset
        kClosed,
    };
    enum class Turn : std::uint8_t { kLoop, kWorker, kWorkerThenLoop };
    enum class Sent : std::uint8_t { kAll, kSome, kBroken };
    struct Outgoing {
        std::string head, body;
        std::size_t sent = 0;
        bool Complete() const { return sent == head.size() + body.size(); }
    };

    // Reading.
    void ReadProxyHeader();
    void AwaitProxyHeader();
    bool TakePlace(const IpAddress& client);
    void StartTls();
    void StartReading();
    void ArmRead();
    void OnRead(bool failed, std::size_t size);
    void Advance();
    std::size_t HeldBytes() const { return parser_.HeldBytes() + input_.Capacity(); }
    void SendContinue();

    // Answering.
    void Serve();
    void AnswerOnWorker();
    void OnAnswered();
    void Refuse(int status);
    void Respond(HttpResponse response);
    void Compose(HttpResponse response);
    void ForgetRequest();
    void Send();

    // Writing and ending.
    Sent TrySend();
    void Write();
    void AfterWrite();
    void TakeTurnBack();
    void Linger();
    void DropInput();
    void Expire();
    void Close();
    void SetStage(Stage stage, std::uint64_t ticks);
    bool Reads() const { return stage_ == Stage::kIdle || stage_ == Stage::kHeader || stage_ == Stage::kBody; }

    Loop& loop_;
    Serving& serving_;
    LoopSocket socket_;
    const int descriptor_;
    std::unique_ptr<boost::asio::ssl::stream<LoopSocket&>> tls_;
    IpAddress peer_;
    ClientPlace client_place_;
    const bool wants_tls_;
    const bool local_;  // by the Unix socket
    ConnectionList::iterator place_;

    Stage stage_ = Stage::kHeader;
    std::uint64_t deadline_ = 0;  // in ticks; 0: none
    bool reading_ = false;        // a read is under way
    bool ended_ = false;          // the client sends no more
    bool abort_ = false;
    std::size_t dropped_ = 0;  // while lingering
    InputBuffer input_;

    std::atomic<Turn> turn_{Turn::kLoop};
    // Below: the worker's, while it has the turn.
    RequestParser parser_;
    MemoryShare memory_;
    Outgoing out_;
    bool keep_alive_ = false;
    std::uint64_t rested_at_ = 0;  // the tick at which the worker gave the turn back
};

}  // namespace cardea
