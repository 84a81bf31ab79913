using SalesBrain.Core.Signals;

namespace SalesBrain.Core.Assignments;

/// <summary>Tells this process that it has queued new contacts for automatic assignment.</summary>
public sealed class AssignmentSignal : Signal;
