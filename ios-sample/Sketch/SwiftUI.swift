// The outlines of SwiftUI, as far as this app's views use it: nothing of it works.
//
// Views are compiled by no Linux machine. Against these outlines the compiler at least finds
// what they get wrong about the app's own models and the core's records: a name that is gone, a
// type that changed, a call from the wrong actor. What SwiftUI itself would say stays open.

@_exported import Foundation
@_exported import Observation

import CoreImage
import UniformTypeIdentifiers
@MainActor @preconcurrency public protocol View {
    associatedtype Body: View; @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}
extension Never: View { public var body: Never { fatalError() } }
public protocol Outline: View {}
extension Outline { public var body: Never { fatalError() } }
public struct Modified: Outline { nonisolated public init() {} }
public struct EmptyView: Outline { public init() {} }
public struct TupleOutline<each T: View>: Outline {}
public struct ConditionalOutline<A: View, B: View>: Outline {}
extension Optional: View where Wrapped: View { public var body: Never { fatalError() } }
@resultBuilder public struct ViewBuilder {
    public static func buildBlock() -> EmptyView { fatalError() }
    public static func buildExpression<C: View>(_ c: C) -> C { c }
    public static func buildBlock<C: View>(_ c: C) -> C { c }
    public static func buildBlock<each C: View>(_ c: repeat each C) -> TupleOutline<repeat each C> {
        fatalError()
    }
    public static func buildIf<C: View>(_ c: C?) -> C? { c }
    public static func buildEither<A: View, B: View>(first: A) -> ConditionalOutline<A, B> {
        ConditionalOutline()
    }
    public static func buildEither<A: View, B: View>(second: B) -> ConditionalOutline<A, B> {
        ConditionalOutline()
    }
    public static func buildLimitedAvailability<C: View>(_ c: C) -> C { c }
}
public enum Alignment { case leading, trailing, center, topTrailing }
public enum HorizontalAlignment { case leading, trailing, center }
public enum VerticalEdge { case top, bottom }
public struct Edge {
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int; public init(rawValue: Int) { self.rawValue = rawValue }
        public static let horizontal = Set(rawValue: 1), vertical = Set(rawValue: 2),
            all = Set(rawValue: 3)
    }
}
public protocol ShapeStyle: Sendable {}
public struct Color: ShapeStyle, Outline {
    nonisolated public static let red = Color(), blue = Color(), green = Color(), orange = Color(),
        gray = Color(), white = Color()
    nonisolated public init(white: Double) {}; nonisolated init() {}
    public nonisolated func opacity(_ d: Double) -> Color { self }
}
extension ShapeStyle where Self == Color {
    public static var red: Color { Color() }; public static var orange: Color { Color() };
    public static var green: Color { Color() }; public static var white: Color { Color() };
    public static var secondary: Color { Color() }
}
public struct Material: ShapeStyle {}
extension ShapeStyle where Self == Material {
    public static var bar: Material { Material() };
    public static var regularMaterial: Material { Material() }
}
public struct Font: Sendable {
    public static let headline = Font(), subheadline = Font(), footnote = Font(), title2 = Font(),
        title3 = Font(), caption = Font(), caption2 = Font()
    ; public func bold() -> Font { self }
}
public struct Text: Outline {
    public init(verbatim: String) {}
    public init<S: StringProtocol>(_ s: S) {}
    public init(_ i: Image) {}
    public init<F: FormatStyle>(_ input: F.FormatInput, format: F)
    where F.FormatInput: Equatable, F.FormatOutput == String {}
    public func font(_ f: Font?) -> Text { self }; public func bold() -> Text { self };
    public func bold(_ b: Bool) -> Text { self }; public func italic() -> Text { self }
    public func foregroundStyle<S: ShapeStyle>(_ s: S) -> Text { self }
}
public struct Image: Outline {
    public init(systemName: String) {}; public init(decorative: CGImage, scale: CGFloat) {}
    public enum Interpolation { case none };
    public func interpolation(_ i: Interpolation) -> Image { self };
    public func resizable() -> Image { self }
}
public struct Label<Title, Icon>: Outline {}
extension Label where Title: View, Icon: View {
    public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) {}
}
public struct ButtonRole: Sendable { public static let destructive = ButtonRole() }
public struct Button<L: View>: Outline {
    public init(
        role: ButtonRole? = nil, action: @escaping @MainActor () -> Void,
        @ViewBuilder label: () -> L
    ) {}
}
public protocol PrimitiveButtonStyle {}
public struct BorderedProminentStyle: PrimitiveButtonStyle {};
public struct BorderedStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedProminentStyle {
    public static var borderedProminent: BorderedProminentStyle { BorderedProminentStyle() }
}
extension PrimitiveButtonStyle where Self == BorderedStyle {
    public static var bordered: BorderedStyle { BorderedStyle() }
}
public struct LabeledContent<L, C>: Outline {}
extension LabeledContent where L: View, C: View {
    public init(@ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {}
}
public struct ProgressView<L: View>: Outline {}
extension ProgressView where L == EmptyView { public init() {} }
extension ProgressView {
    public init(@ViewBuilder label: () -> L) {}
    public init<V: BinaryFloatingPoint>(value: V?, total: V = 1, @ViewBuilder label: () -> L) {}
}
public struct ScrollView<C: View>: Outline { public init(@ViewBuilder content: () -> C) {} }
public struct VStack<C: View>: Outline {
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil,
        @ViewBuilder content: () -> C
    ) {}
}
public enum VerticalAlignment { case center, top }
public struct HStack<C: View>: Outline {
    public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil,
        @ViewBuilder content: () -> C
    ) {}
}
public struct ZStack<C: View>: Outline {
    public init(alignment: Alignment = .center, @ViewBuilder content: () -> C) {}
}
public struct Spacer: Outline { public init() {} }
public struct List<C: View>: Outline { public init(@ViewBuilder content: () -> C) {} }
public struct Form<C: View>: Outline { public init(@ViewBuilder content: () -> C) {} }
public struct Section<H, C>: Outline {}
extension Section where H: View, C: View {
    public init(@ViewBuilder content: () -> C, @ViewBuilder header: () -> H) {}
}
extension Section where H == EmptyView, C: View { public init(@ViewBuilder content: () -> C) {} }
public struct ForEach<D: RandomAccessCollection, ID: Hashable, C: View>: Outline {
    public init(
        _ d: D, id: KeyPath<D.Element, ID>, @ViewBuilder content: @escaping (D.Element) -> C
    ) {}
}
extension ForEach where D.Element: Identifiable, ID == D.Element.ID {
    public init(_ d: D, @ViewBuilder content: @escaping (D.Element) -> C) {}
}
public struct Menu<L: View, C: View>: Outline {
    public init(@ViewBuilder content: () -> C, @ViewBuilder label: () -> L) {}
}
public struct Picker<L: View, S: Hashable, C: View>: Outline {}
extension Picker where L == Text {
    public init<T: StringProtocol>(_ t: T, selection: Binding<S>, @ViewBuilder content: () -> C) {}
}
public struct Toggle<L: View>: Outline {
    public init(isOn: Binding<Bool>, @ViewBuilder label: () -> L) {}
}
public enum Axis {
    case horizontal, vertical;
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int; public init(rawValue: Int) { self.rawValue = rawValue };
        public static let horizontal = Set(rawValue: 1)
    }
}
public struct TextField<L: View>: Outline {}
extension TextField where L == Text {
    public init<T: StringProtocol>(_ t: T, text: Binding<String>) {};
    public init<T: StringProtocol>(_ t: T, text: Binding<String>, axis: Axis) {}
}
public struct DatePicker<L: View>: Outline {}
public struct DatePickerComponents: OptionSet, Sendable {
    public let rawValue: Int; public init(rawValue: Int) { self.rawValue = rawValue };
    public static let date = DatePickerComponents(rawValue: 1),
        all = DatePickerComponents(rawValue: 3)
}
extension DatePicker where L == Text {
    public init<T: StringProtocol>(
        _ t: T, selection: Binding<Date>, displayedComponents: DatePickerComponents = .all
    ) {};
    public init<T: StringProtocol>(
        _ t: T, selection: Binding<Date>, in: PartialRangeFrom<Date>,
        displayedComponents: DatePickerComponents = .all
    ) {}
}
public struct PasteButton: Outline {
    public init<T: Sendable>(payloadType: T.Type, onPaste: @escaping @Sendable ([T]) -> Void) {}
}
public struct NavigationLink<L: View>: Outline {
    public init<V: Hashable>(value: V?, @ViewBuilder label: () -> L) {}
}
public struct NavigationStack<C: View>: Outline {
    public init<P: Hashable>(path: Binding<[P]>, @ViewBuilder root: () -> C) {};
    public init(@ViewBuilder root: () -> C) {}
}
public struct GridItem {
    public enum Size { case adaptive(minimum: CGFloat) }; public init(_ s: Size) {}
}
public struct LazyVGrid<C: View>: Outline {
    public init(columns: [GridItem], @ViewBuilder content: () -> C) {}
}
public struct ViewThatFits<C: View>: Outline {
    public init(in: Axis.Set, @ViewBuilder content: () -> C) {}
}
public struct GeometryProxy { public var size: CGSize { CGSize() } }
public struct GeometryReader<C: View>: Outline {
    public init(@ViewBuilder content: @escaping (GeometryProxy) -> C) {}
}
public struct TimelineContext { public var date: Date }
public protocol TimelineSchedule {}; public struct PeriodicSchedule: TimelineSchedule {}
extension TimelineSchedule where Self == PeriodicSchedule {
    public static func periodic(from: Date, by: TimeInterval) -> PeriodicSchedule {
        PeriodicSchedule()
    }
}
public struct TimelineView<S: TimelineSchedule, C: View>: Outline {
    public init(_ s: S, @ViewBuilder content: @escaping (TimelineContext) -> C) {}
}
public struct Path {
    public init(_ f: (inout Path) -> Void) {}; public init(ellipseIn: CGRect) {};
    public mutating func addLines(_ p: [CGPoint]) {}
}
public enum LineCap { case round }; public enum LineJoin { case round }
public struct StrokeStyle {
    public init(lineWidth: CGFloat, lineCap: LineCap, lineJoin: LineJoin) {}
}
public struct Angle { public static func degrees(_ d: Double) -> Angle { Angle() } }
public struct GraphicsContext {
    public struct Shading { public static func color(_ c: Color) -> Shading { Shading() } }
    public func stroke(_ p: Path, with: Shading, lineWidth: CGFloat = 1) {};
    public func stroke(_ p: Path, with: Shading, style: StrokeStyle) {};
    public func fill(_ p: Path, with: Shading) {}
    public func draw(_ t: Text, at: CGPoint) {};
    public mutating func translateBy(x: CGFloat, y: CGFloat) {};
    public mutating func rotate(by: Angle) {}
}
public struct Canvas: Outline {
    public init(renderer: @escaping (inout GraphicsContext, CGSize) -> Void) {}
}
@MainActor public protocol Gesture { associatedtype Value }
public struct GestureOutline<V>: Gesture { public typealias Value = V }
extension Gesture {
    public func onChanged(_ f: @escaping @MainActor (Value) -> Void) -> GestureOutline<Value> {
        GestureOutline()
    };
    public func onEnded(_ f: @escaping @MainActor (Value) -> Void) -> GestureOutline<Value> {
        GestureOutline()
    };
    public func simultaneously<G: Gesture>(with: G) -> GestureOutline<(Value, G.Value)> {
        GestureOutline()
    }
}
public struct DragGesture: Gesture {
    public struct Value { public var translation: CGSize }; public init() {}
}
public struct MagnifyGesture: Gesture {
    public struct Value { public var magnification: CGFloat }; public init() {}
}
public struct RoundedRectangle { public init(cornerRadius: CGFloat) {} }
public protocol Transferable {}; extension Data: Transferable {}; extension String: Transferable {};
extension URL: Transferable {}
public struct SharePreview { public init<S: StringProtocol>(_ s: S) {} }
public struct ShareLink<L: View>: Outline {
    public init<T: Transferable>(item: T, @ViewBuilder label: () -> L) {};
    public init(item: Data, preview: SharePreview, @ViewBuilder label: () -> L) {}
}
@propertyWrapper @dynamicMemberLookup public struct Binding<V> {
    public var wrappedValue: V {
        get { fatalError() }
        nonmutating set {}
    }
    public init(get: @escaping @MainActor () -> V, set: @escaping @MainActor (V) -> Void) {}
    public init() {}
    public subscript<S>(dynamicMember k: WritableKeyPath<V, S>) -> Binding<S> { Binding<S>() }
    public var projectedValue: Binding<V> { self }
}
@propertyWrapper public struct State<V> {
    public init(wrappedValue: V) {}; public init(initialValue: V) {}
    public var wrappedValue: V {
        get { fatalError() }
        nonmutating set {}
    }; public var projectedValue: Binding<V> { Binding() }
}
@propertyWrapper @dynamicMemberLookup public struct Bindable<V: AnyObject> {
    public var wrappedValue: V; public init(wrappedValue: V) { self.wrappedValue = wrappedValue }
    public var projectedValue: Bindable<V> { self }
    public subscript<S>(dynamicMember k: ReferenceWritableKeyPath<V, S>) -> Binding<S> {
        Binding<S>()
    }
}
@propertyWrapper public struct SceneStorage<V> {
    public init(wrappedValue: V, _ k: String) {};
    public var wrappedValue: V {
        get { fatalError() }
        nonmutating set {}
    }
}
@propertyWrapper public struct AppStorage<V> {
    public init(wrappedValue: V, _ k: String) {};
    public var wrappedValue: V {
        get { fatalError() }
        nonmutating set {}
    }; public var projectedValue: Binding<V> { Binding() }
}
@propertyWrapper public struct ScaledMetric<V> {
    public init(wrappedValue: V) { self.wrappedValue = wrappedValue }; public var wrappedValue: V
}
public struct Dismiss { public func callAsFunction() {} }
public struct OpenURL { public func callAsFunction(_ u: URL) {} }
public enum ScenePhase { case active, background, inactive }
public enum LayoutDirection { case leftToRight, rightToLeft }
public struct EnvironmentValues {
    public var dismiss: Dismiss { Dismiss() }; public var openURL: OpenURL { OpenURL() };
    public var scenePhase: ScenePhase { .active };
    public var layoutDirection: LayoutDirection = .leftToRight
}
@propertyWrapper public struct Environment<V> {
    public init(_ k: KeyPath<EnvironmentValues, V>) {}; public var wrappedValue: V { fatalError() }
}
public enum Visibility { case visible }
public enum AccessibilityChildBehavior { case combine, ignore }
public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int; public init(rawValue: Int) { self.rawValue = rawValue };
    public static let isSelected = AccessibilityTraits(rawValue: 1)
}
public protocol PickerStyle {}; public struct SegmentedStyle: PickerStyle {};
extension PickerStyle where Self == SegmentedStyle {
    public static var segmented: SegmentedStyle { SegmentedStyle() }
}
public protocol TextFieldStyle {}; public struct RoundedBorderStyle: TextFieldStyle {};
extension TextFieldStyle where Self == RoundedBorderStyle {
    public static var roundedBorder: RoundedBorderStyle { RoundedBorderStyle() }
}
public enum Bounce { case basedOnSize }
public let NSUserActivityTypeBrowsingWeb = ""
public class NSUserActivity { public var webpageURL: URL? }
extension View {
    public func frame(
        maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, alignment: Alignment = .center
    ) -> some View { Modified() }
    public func frame(minWidth: CGFloat, minHeight: CGFloat) -> some View { Modified() }
    public func frame(maxHeight: CGFloat) -> some View { Modified() }
    public func font(_ f: Font?) -> some View { Modified() }
    public func padding() -> some View { Modified() }
    public func padding(_ e: Edge.Set) -> some View { Modified() }
    public func task(priority: Int = 0, _ a: @escaping @MainActor () async -> Void) -> some View {
        Modified()
    }
    public func task<T: Equatable>(id: T, _ a: @escaping @MainActor () async -> Void) -> some View {
        Modified()
    }
    public func navigationTitle(_ t: Text) -> some View { Modified() }
    public func safeAreaInset<C: View>(edge: VerticalEdge, @ViewBuilder content: () -> C)
        -> some View
    { Modified() }
    public func background<S: ShapeStyle>(_ s: S) -> some View { Modified() }
    public func background<S: ShapeStyle>(_ s: S, in: RoundedRectangle) -> some View { Modified() }
    public func tag<H: Hashable>(_ h: H) -> some View { Modified() }
    public func id<H: Hashable>(_ h: H) -> some View { Modified() }
    public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View {
        Modified()
    }
    public func accessibilityLabel(_ t: Text) -> some View { Modified() }
    public func accessibilityHint(_ t: Text) -> some View { Modified() }
    public func accessibilityChildren<C: View>(@ViewBuilder _ c: () -> C) -> some View {
        Modified()
    }
    public func accessibilityAddTraits(_ t: AccessibilityTraits) -> some View { Modified() }
    public func disabled(_ b: Bool) -> some View { Modified() }
    public func foregroundStyle<S: ShapeStyle>(_ s: S) -> some View { Modified() }
    public func buttonStyle<S: PrimitiveButtonStyle>(_ s: S) -> some View { Modified() }
    public func sheet<C: View>(isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> C)
        -> some View
    { Modified() }
    public func onChange<V: Equatable>(
        of: V, initial: Bool = false, _ a: @escaping @MainActor () -> Void
    ) -> some View { Modified() }
    public func onAppear(perform: (@MainActor () -> Void)? = nil) -> some View { Modified() }
    public func toolbar<C: View>(@ViewBuilder content: () -> C) -> some View { Modified() }
    public func textFieldStyle<S: TextFieldStyle>(_ s: S) -> some View { Modified() }
    public func pickerStyle<S: PickerStyle>(_ s: S) -> some View { Modified() }
    public func scrollBounceBehavior(_ b: Bounce) -> some View { Modified() }
    public func scaledToFit() -> some View { Modified() }
    public func overlay<C: View>(@ViewBuilder content: () -> C) -> some View { Modified() }
    public func onOpenURL(perform: @escaping @MainActor (URL) -> Void) -> some View { Modified() }
    public func onContinueUserActivity(
        _ t: String, perform: @escaping @MainActor (NSUserActivity) -> Void
    ) -> some View { Modified() }
    public func navigationDestination<D: Hashable, C: View>(
        for: D.Type, @ViewBuilder destination: @escaping (D) -> C
    ) -> some View { Modified() }
    public func gesture<G: Gesture>(_ g: G) -> some View { Modified() }
    public func fileImporter(
        isPresented: Binding<Bool>, allowedContentTypes: [UTType],
        onCompletion: @escaping @MainActor (Result<URL, any Error>) -> Void
    ) -> some View { Modified() }
    public func environment<V>(_ k: WritableKeyPath<EnvironmentValues, V>, _ v: V) -> some View {
        Modified()
    }
    public func confirmationDialog<A: View, M: View>(
        _ t: Text, isPresented: Binding<Bool>, titleVisibility: Visibility,
        @ViewBuilder actions: () -> A, @ViewBuilder message: () -> M
    ) -> some View { Modified() }
    public func autocorrectionDisabled() -> some View { Modified() }
    public func bold(_ isActive: Bool = true) -> some View { Modified() }
}
extension URL {
    public func startAccessingSecurityScopedResource() -> Bool { fatalError() }
    public func stopAccessingSecurityScopedResource() {}
}
