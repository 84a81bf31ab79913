using SalesBrain.Core.Signals;

namespace SalesBrain.Core.Whatsapp;

/// <summary>Wakes the worker of this process when a message has been queued, or sending may go on.</summary>
public sealed class MessageSignal : Signal;
