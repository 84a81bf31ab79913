using SalesBrain.Data.Operations;

namespace SalesBrain.Data.Assignments;

/// <summary>Tells this process that it has queued new contacts for automatic assignment.</summary>
public sealed class AssignmentSignal : Signal;
