using System.Net;
using SalesBrain.Core.Auth;

namespace SalesBrain.Functions.Auth;

/// <summary>A request for a password reset.</summary>
internal sealed record QueuedReset(string EmailNorm, IPAddress? Address)
{
    internal AttemptSubject Subject { get; } = new(EmailNorm, Address);
}

/// <summary>
/// Requests for a password reset that wait, in memory. IP addresses take turns, and one address never has more waiting than it may send in
/// an hour, so that one of them cannot displace the requests of the others.
/// </summary>
internal sealed class ResetQueue(int mostOfAddress, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<QueuedReset>> _byAddress = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private readonly SemaphoreSlim _signal = new(0);
    private int _count;
    private bool _isAwaited;
    private bool _isComplete;

    /// <summary>Whether none waits, and the one that was taken last is completed: the next one is awaited.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _isAwaited && _count == 0;
            }
        }
    }

    /// <summary>How many wait.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>
    /// Adds a request. Returns false if a request is lost: this one, because its address has as many waiting as it may, or when the queue
    /// is full, one of the address with the most waiting.
    /// </summary>
    internal bool TryAdd(QueuedReset request)
    {
        lock (_gate)
        {
            var address = request.Subject.Address ?? "";
            var waiting = _byAddress.GetValueOrDefault(address);
            if (_isComplete || waiting?.Count >= mostOfAddress)
            {
                return false;
            }
            var isFull = _count >= capacity;
            if (isFull)
            {
                var longest = _byAddress.Values.MaxBy(requests => requests.Count)!;
                if (longest.Count <= (waiting?.Count ?? 0) + 1)
                {
                    return false;
                }
                longest.RemoveLast();
            }
            if (waiting is null)
            {
                _byAddress[address] = waiting = new LinkedList<QueuedReset>();
                _turns.Enqueue(address);
            }
            waiting.AddLast(request);
            if (isFull)
            {
                return false;
            }
            _count++;
            _signal.Release();
            return true;
        }
    }

    /// <summary>Waits for the next request; null if the queue is complete and empty.</summary>
    internal async Task<QueuedReset?> TakeAsync()
    {
        lock (_gate)
        {
            _isAwaited = true;
        }
        await _signal.WaitAsync();
        lock (_gate)
        {
            _isAwaited = false;
            if (!_turns.TryDequeue(out var address))
            {
                return null;
            }
            var waiting = _byAddress[address];
            var request = waiting.First!.Value;
            waiting.RemoveFirst();
            if (waiting.Count > 0)
            {
                _turns.Enqueue(address);
            }
            else
            {
                _byAddress.Remove(address);
            }
            _count--;
            return request;
        }
    }

    /// <summary>Takes no further requests.</summary>
    internal void Complete()
    {
        lock (_gate)
        {
            if (!_isComplete)
            {
                _isComplete = true;
                _signal.Release();
            }
        }
    }

    public void Dispose() => _signal.Dispose();
}
