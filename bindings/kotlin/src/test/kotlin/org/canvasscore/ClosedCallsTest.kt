package org.canvasscore

import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.Proxy
import java.util.UUID
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.test.runTest
import org.canvasscore.testing.inMemory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Every public call after `close()`, whatever it is called and whatever it takes. */
class ClosedCallsTest {
    @Test
    fun `every public call of a closed engine is Closed, and every flow ends`() = runTest {
        val canvass = Canvass.inMemory(1uL)
        canvass.close()
        val calls = Canvass::class.java.declaredMethods
            .filter { Modifier.isPublic(it.modifiers) && !Modifier.isStatic(it.modifiers) }
            .filterNot { it.isSynthetic || it.name == "close" || '$' in it.name }
        assertTrue(calls.size > 60) { "${calls.size}" }
        val flows = calls.filter { Flow::class.java.isAssignableFrom(it.returnType) }
        assertEquals(6, flows.size)
        for (flow in flows) {
            @Suppress("UNCHECKED_CAST")
            val begun = flow.invoke(canvass, *arguments(flow)) as Flow<Any>
            assertEquals(null, begun.firstOrNullOfEnded(), flow.name)
        }
        val suspended = (calls - flows.toSet()).filter(::isSuspended)
        assertTrue(suspended.size > 55) { "${suspended.size}" }
        for (call in suspended) {
            val error = runCatching { call.await(canvass) }.exceptionOrNull()
            assertTrue(error is CanvassException.Closed) { "${call.name}: $error" }
        }
    }

    private fun isSuspended(method: Method): Boolean =
        method.parameterTypes.lastOrNull() == Continuation::class.java

    private suspend fun Method.await(on: Canvass): Any? =
        suspendCoroutineUninterceptedOrReturn { continuation ->
            try {
                invoke(on, *arguments(this), continuation)
            } catch (thrown: java.lang.reflect.InvocationTargetException) {
                throw thrown.targetException
            }
        }

    private fun arguments(method: Method): Array<Any?> = method.parameterTypes
        .filterNot { it == Continuation::class.java }
        .map { something(it) }
        .toTypedArray()

    /** Something of a type: what it says does not matter to an engine that is closed. */
    private fun something(type: Class<*>): Any? = when {
        type == java.lang.Boolean.TYPE -> false
        type == Integer.TYPE -> 1
        type == java.lang.Long.TYPE -> 1L
        type == java.lang.Double.TYPE -> 1.0
        type == String::class.java -> ""
        type == UUID::class.java -> UUID(1, 1)
        type == List::class.java -> emptyList<Any>()
        type == ByteArray::class.java -> ByteArray(0)
        type.isEnum -> type.enumConstants.first()
        type.isInterface -> Proxy.newProxyInstance(type.classLoader, arrayOf(type)) { _, _, _ -> Unit }
        Modifier.isAbstract(type.modifiers) -> bare(type.declaredClasses.first(type::isAssignableFrom))
        else -> bare(type)
    }

    /** An object whose constructor has not run. */
    private fun bare(type: Class<*>): Any {
        val unsafe = Class.forName("sun.misc.Unsafe")
        val field = unsafe.getDeclaredField("theUnsafe").apply { isAccessible = true }
        return unsafe.getMethod("allocateInstance", Class::class.java).invoke(field.get(null), type)
    }
}
